import type { OperationId, Phase } from '../../../kernel/plan.ts'
import { operationId } from '../../../kernel/plan.ts'
import type { Service } from '../../../stack/model.ts'
import { isUp } from '../observation.ts'
import type { PlanBuilder } from './builder.ts'
import type { ContainerSteps } from './container-steps.ts'
import { nextName, shortId, temporaryName } from './desired.ts'
import type { Front } from './front.ts'
import type { Replaced, Rollout } from './rollouts.ts'
import { TrafficSteps } from './traffic-steps.ts'

/** ms to keep watching a container that replaced another, after it became healthy (rule 24); the default of Compose's `monitor`. */
const WATCH_AFTER_REPLACE = 5_000

/** ms that requests in flight get to end. */
const DRAIN_LIMIT = 30_000

/** The steps that replace containers: `update_config` of the Compose specification. */
export class ReplaceSteps {
  readonly #builder: PlanBuilder
  readonly #steps: ContainerSteps
  readonly #rollouts: readonly Rollout[]
  readonly #traffic: TrafficSteps | undefined
  readonly #watch: boolean

  constructor(
    rollouts: readonly Rollout[],
    front: Front | undefined,
    {
      builder,
      steps,
      watch,
    }: { readonly builder: PlanBuilder; readonly steps: ContainerSteps; readonly watch: boolean },
  ) {
    this.#builder = builder
    this.#steps = steps
    this.#watch = watch
    this.#rollouts = rollouts
    const switched = this.#rollouts.filter((rollout) => rollout.switched)
    if (front !== undefined && switched.length > 0) {
      const serving = new Map(switched.map((rollout) => [rollout.service.name, rollout.serving]))
      this.#traffic = new TrafficSteps(front, serving, builder)
    }
  }

  build(): void {
    for (const rollout of this.#rollouts) this.#rollOut(rollout)
    this.#traffic?.settle(this.#builder.idsOf('container.stop'))
  }

  #rollOut(rollout: Rollout): void {
    const { service, groups, startFirst } = rollout
    let serving = rollout.serving
    let before: readonly OperationId[] = []
    groups.forEach((group, index) => {
      const isLast = index === groups.length - 1
      const former = serving
      const others = serving.filter((name) => !group.some(({ existing }) => name === shortId(existing.id)))
      serving = [...others, ...group.map(({ existing }) => nextName(existing.id))]
      const step = {
        group,
        former,
        others,
        serving,
        before,
        isLast,
        name: groups.length === 1 ? service.name : `${service.name}-${index + 1}`,
      }
      for (const container of group) this.#steps.create(container, container.cause, container.existing)
      const done = startFirst ? this.#startFirst(rollout, step) : this.#stopFirst(rollout, step)
      before = isLast ? done : this.#pause(service, step.name, done)
    })
  }

  /** The old containers serve until the new ones have shown that they can; those of the last group even until the verdict. */
  #startFirst(
    { service, switched }: Rollout,
    { group, former, serving, before, isLast, name }: Step,
  ): readonly OperationId[] {
    const traffic = switched ? this.#traffic : undefined
    const change = { service: service.name, cause: causeOf(group) }
    const phase: Phase = isLast ? 'commit' : 'apply'
    const ready = group.flatMap((container) => this.#bring(container, [...before, ...(traffic ? [traffic.hold] : [])]))
    const seen =
      traffic === undefined
        ? ready
        : this.#watched(group, [
            traffic.switch({ ...change, step: name, names: serving, former, brought: madeFor(group), after: ready }),
          ])
    return group.flatMap((container) => {
      const gone = this.#retire(container, { traffic, phase, after: seen })
      this.#rename(container, gone)
      return gone
    })
  }

  /** The new containers exist before the old ones stop, and those are kept until the verdict. */
  #stopFirst(
    { service, switched }: Rollout,
    { group, others, serving, before, isLast, name }: Step,
  ): readonly OperationId[] {
    const traffic = switched ? this.#traffic : undefined
    const change = { service: service.name, cause: causeOf(group) }
    const away =
      traffic === undefined || others.length === 0
        ? before
        : [traffic.switch({ ...change, step: `${name}-away`, names: others, after: before })]
    const ready = group.flatMap((container) => {
      const ready = this.#bring(container, this.#retire(container, { traffic, phase: 'apply', after: away }))
      this.#rename(container, [])
      return ready
    })
    if (traffic === undefined || !isLast) return ready
    return this.#watched(group, [
      traffic.switch({ ...change, step: name, names: serving, brought: madeFor(group), after: ready }),
    ])
  }

  /** Starts what takes the place of a container, and waits until it is well. */
  #bring(container: Replaced, after: readonly OperationId[]): readonly OperationId[] {
    const { key, cause, service } = container
    const created = operationId('container.create', key)
    this.#steps.start(container, cause, [created, ...after], undefined, this.#monitor(service))
    return [operationId('container.awaitHealthy', key), operationId('container.awaitCompleted', key)]
  }

  /** Goes on watching what has just begun to serve. */
  #watched(group: readonly Replaced[], after: readonly OperationId[]): readonly OperationId[] {
    if (!this.#watch) return after
    return group.map(({ key, name, service, cause }) =>
      this.#builder.add({
        kind: 'container.watch',
        subject: key,
        resource: `container ${name}`,
        cause,
        effect: 'watch it while it serves',
        after,
        input: this.#steps.awaited({ service, key }, this.#monitor(service)),
      }),
    )
  }

  /** Drains and stops what is replaced. In the commit phase it is gone for good; before, it can be started again. */
  #retire(
    { existing, key, cause, service }: Replaced,
    {
      traffic,
      phase,
      after,
    }: { readonly traffic: TrafficSteps | undefined; readonly phase: Phase; readonly after: readonly OperationId[] },
  ): readonly OperationId[] {
    const limit = service.updateConfig?.drain ?? DRAIN_LIMIT
    const drained =
      traffic === undefined || !isUp(existing) ? after : [traffic.drain(key, existing, limit, { phase, after })]
    return [this.#steps.stop(existing, key, cause, { neutralise: phase === 'apply', phase, after: drained })]
  }

  #rename({ existing, key, name, cause }: Replaced, after: readonly OperationId[]): void {
    const removed = this.#builder.add({
      kind: 'container.remove',
      subject: `${key}-old`,
      resource: `container ${existing.name}`,
      cause,
      effect: `remove the replaced container ${shortId(existing.id)}`,
      phase: 'commit',
      after,
      input: { id: existing.id },
    })
    this.#builder.add({
      kind: 'container.rename',
      subject: key,
      resource: `container ${name}`,
      cause,
      effect: `take the name ${name}`,
      phase: 'commit',
      after: [removed],
      input: { from: temporaryName(existing.id, name), to: name },
    })
  }

  #pause(service: Service, name: string, after: readonly OperationId[]): readonly OperationId[] {
    const delay = service.updateConfig?.delay ?? 0
    if (delay === 0) return after
    return [
      this.#builder.add({
        kind: 'wait',
        subject: name,
        resource: `service ${service.name}`,
        cause: 'its update_config says so',
        effect: `wait ${delay / 1000} s`,
        after,
        input: { milliseconds: delay },
      }),
    ]
  }

  #monitor({ updateConfig }: Service): number {
    return this.#watch ? (updateConfig?.monitor ?? WATCH_AFTER_REPLACE) : 0
  }
}

interface Step {
  readonly group: readonly Replaced[]
  /** Names of the containers that served until now. */
  readonly former: readonly string[]
  /** Those of them that are not of the group. */
  readonly others: readonly string[]
  /** Names of the containers that serve when the group is done. */
  readonly serving: readonly string[]
  readonly before: readonly OperationId[]
  readonly isLast: boolean
  readonly name: string
}

function madeFor(group: readonly Replaced[]): readonly OperationId[] {
  return group.map(({ key }) => operationId('container.create', key))
}

function causeOf([first]: readonly Replaced[]): string {
  return first?.cause ?? ''
}
