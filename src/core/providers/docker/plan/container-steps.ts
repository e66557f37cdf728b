import { type Json, type OperationId, operationId, type Phase } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import { containerKey, isAnonymous, isUp, type ObservedContainer } from '../observation.ts'
import type { PlanBuilder } from './builder.ts'
import { type DesiredContainer, isOneShot, isTemporary, nextName, temporaryName } from './desired.ts'
import type { DesiredGraph } from './desired-graph.ts'
import type { FormerService } from './former-service.ts'

interface StopOptions {
  /** Its restart policy must not bring it back before the verdict (rule 31). */
  readonly neutralise: boolean
  readonly phase?: Phase
  readonly after?: readonly OperationId[]
}

/** The steps that single containers need. */
export class ContainerSteps {
  readonly #stack: Stack
  readonly #graph: DesiredGraph
  readonly #builder: PlanBuilder

  constructor(stack: Stack, graph: DesiredGraph, builder: PlanBuilder) {
    this.#stack = stack
    this.#graph = graph
    this.#builder = builder
  }

  /** Brings one wanted container to what its verdict says; replacing is the work of `ReplaceSteps`. */
  bring(container: DesiredContainer): void {
    const { key, verdict, existing } = container
    switch (verdict.kind) {
      case 'keep':
      case 'recreate':
        return
      case 'await':
        this.await(container, verdict.cause, [])
        return
      case 'create':
        this.create(container, verdict.cause)
        this.start(container, verdict.cause, [operationId('container.create', key)])
        return
      case 'start':
        this.start(container, verdict.cause, [], existing)
        return
      case 'unpause':
        this.await(container, verdict.cause, [
          this.#builder.add({
            kind: 'container.unpause',
            subject: key,
            resource: `container ${container.name}`,
            cause: verdict.cause,
            effect: 'unpause',
            input: { id: existing?.id ?? null },
          }),
        ])
    }
  }

  /** A container that the stack no longer wants: stopped now, removed after the verdict. */
  remove(container: ObservedContainer): void {
    const key = `${containerKey(container)}-${container.id.slice(0, 12)}`
    const cause = isTemporary(container) ? 'left over from an interrupted run' : 'no longer in the stack'
    this.#builder.add({
      kind: 'container.remove',
      subject: key,
      resource: `container ${container.name}`,
      cause,
      effect: 'remove',
      phase: 'commit',
      after: [this.stop(container, key, cause, { neutralise: true })],
      input: { id: container.id },
    })
  }

  /**
   * A container that was taken over and does not belong to the stack: what the stack does in its place it can only do once that
   * one is gone. It is removed when the stack has a service for it, and otherwise kept, stopped, for the person to decide.
   */
  retire(container: ObservedContainer, { cause, replaced }: FormerService): void {
    const key = `${containerKey(container)}-${container.id.slice(0, 12)}`
    const stopped = this.stop(container, key, cause, { neutralise: true })
    for (const start of this.#builder.idsOf('container.start')) this.#builder.order(start, stopped)
    if (!replaced) return
    this.#builder.add({
      kind: 'container.remove',
      subject: key,
      resource: `container ${container.name}`,
      cause,
      effect: 'remove',
      phase: 'commit',
      after: [stopped],
      input: { id: container.id },
    })
  }

  /** `depends_on.restart`: a kept container is stopped before, and started after, what it depends on is replaced. */
  restartWith(container: DesiredContainer, existing: ObservedContainer, replaced: readonly string[]): void {
    const cause = `${replaced.join(', ')}, which it depends on, is replaced`
    // It goes on afterwards, with the restart policy that it has.
    const stopped = this.stop(existing, container.key, cause, { neutralise: false })
    for (const key of replaced.flatMap((name) => this.#graph.keysOf(name))) {
      this.#builder.order(operationId('container.stop', key), stopped)
    }
    this.start(container, cause, [stopped], existing)
  }

  /** `old`: what it replaces. It then has a name of its own on the networks beside those of the service. */
  create(container: DesiredContainer, cause: string, old?: ObservedContainer): OperationId {
    const { service, key, name, number } = container
    return this.#builder.add({
      kind: 'container.create',
      subject: key,
      resource: `container ${name}`,
      cause,
      effect: old === undefined ? `create from ${service.image}` : `replace ${old.id.slice(0, 12)} by ${service.image}`,
      after: [
        ...Object.keys(service.networks).map((network) => operationId('network.create', network)),
        ...service.mounts.flatMap((mount) =>
          mount.type === 'volume' && mount.source !== undefined ? [operationId('volume.create', mount.source)] : [],
        ),
        operationId('image.pull', service.image),
        ...this.#builder.idsOf('file.write'),
        ...this.#graph.parentKeys(container).map((parent) => operationId('container.create', parent)),
      ],
      input: {
        service: service.name,
        number,
        name: old === undefined ? name : temporaryName(old.id, name),
        replaces: old?.id ?? null,
        alias: old === undefined ? null : nextName(old.id),
        anonymousVolumes: old === undefined ? [] : anonymousVolumes(old, this.#stack),
      },
    })
  }

  /** Starts a new container, or one that is kept, and waits for it. `watch`: ms to go on watching once it is healthy. */
  start(
    container: DesiredContainer,
    cause: string,
    after: readonly OperationId[],
    kept?: ObservedContainer,
    watch = 0,
  ): void {
    const { key, name } = container
    const started = this.#builder.add({
      kind: 'container.start',
      subject: key,
      resource: `container ${name}`,
      cause,
      effect: 'start',
      after: [...after, ...this.#graph.startsAfter(container)],
      // A new container is found through the outcome of its creation; one that is kept, by its id.
      input: { create: kept === undefined ? operationId('container.create', key) : null, id: kept?.id ?? null },
    })
    this.await(container, cause, [started], watch)
  }

  await(container: DesiredContainer, cause: string, after: readonly OperationId[], watch = 0): void {
    const { service, key, name, existing, verdict } = container
    const isNew = verdict.kind === 'create' || verdict.kind === 'recreate'
    const kept = isNew ? undefined : existing?.id
    const completes = isOneShot(this.#stack, service.name)
    this.#builder.add({
      kind: completes ? 'container.awaitCompleted' : 'container.awaitHealthy',
      subject: key,
      resource: `container ${name}`,
      cause,
      effect: completes ? 'wait until it has completed' : 'wait until it is healthy',
      after,
      input: this.awaited({ service, key }, watch, kept),
    })
  }

  /** What a wait for a container needs. `kept`: the id of one that is not made in this run. */
  awaited(
    { service, key }: Pick<DesiredContainer, 'service' | 'key'>,
    watch: number,
    kept?: string,
  ): { readonly [name: string]: Json } {
    return {
      service: service.name,
      create: kept === undefined ? operationId('container.create', key) : null,
      id: kept ?? null,
      watch,
      tolerant: service.updateConfig?.failureAction === 'continue',
    }
  }

  stop(
    container: ObservedContainer,
    key: string,
    cause: string,
    { neutralise, phase = 'apply', after = [] }: StopOptions,
  ): OperationId {
    return this.#builder.add({
      kind: 'container.stop',
      subject: key,
      resource: `container ${container.name}`,
      cause,
      effect: 'stop',
      phase,
      // In reverse order of dependency: whoever depends on this one and stops too, stops first.
      after: [
        ...after,
        ...this.#graph.dependentsOf(container.service).map((dependent) => operationId('container.stop', dependent)),
      ],
      input: {
        id: container.id,
        wasRunning: isUp(container),
        gracePeriod: this.#stack.services[container.service]?.stopGracePeriod ?? null,
        restartPolicy: neutralise ? { ...container.restartPolicy } : null,
      },
    })
  }
}

/** Rule 9: they go to the replacement by name. */
function anonymousVolumes(container: ObservedContainer, stack: Stack): { name: string; target: string }[] {
  const named = new Set(Object.values(stack.volumes).map(({ name }) => name))
  return container.mounts
    .filter(isAnonymous)
    .filter(({ name }) => !named.has(name))
    .map(({ name, target }) => ({ name, target }))
}
