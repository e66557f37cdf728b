import type { Problem } from '../../../errors.ts'
import { type Downtime, type OperationId, operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import { DDALAB } from '../labels.ts'
import { containerKey, type Observation, type ObservedContainer } from '../observation.ts'
import { PlanBuilder } from './builder.ts'
import {
  type DesiredContainer,
  desiredContainers,
  fingerprint,
  isOneShot,
  isTemporary,
  parentsOf,
  temporaryName,
} from './desired.ts'
import { expectedDowntime } from './downtime.ts'
import { fileOperations } from './files.ts'
import { preflight } from './preflight.ts'

export interface PlanResult {
  readonly plan: Plan
  /** What stands in the way; a plan with problems is shown and never carried out. */
  readonly problems: readonly Problem[]
  /** Worth knowing, not in the way: an image that is not pinned, a container of the project that nobody owns. */
  readonly warnings: readonly string[]
}

/** Milliseconds to keep watching a container that replaced another, after it became healthy (rule 24); the Compose default of `monitor`. */
const WATCH_AFTER_REPLACE = 5_000

/**
 * The plan that brings what is observed to what the stack wants. Pure: the same arguments give the same plan.
 *
 * Everything that can be done while the old containers still run (files, pulls, networks, volumes, creation of the new
 * containers) comes before the first of them stops (rule 14). Old containers are stopped, not removed, until the verdict.
 */
export function planDeploy(stack: Stack, observation: Observation, action = 'deploy'): PlanResult {
  const desired = desiredContainers(stack, observation)
  const planner = new DeployPlanner(stack, observation, desired)
  return {
    plan: {
      instance: stack.project,
      action,
      fingerprint: fingerprint(stack, observation),
      operations: planner.operations(),
      downtime: planner.downtime(),
    },
    problems: preflight(stack, observation, desired),
    warnings: strangers(stack, observation).map(
      ({ name }) =>
        `The container "${name}" carries this project's name but is no part of the stack; it is left alone.`,
    ),
  }
}

/** Containers of the project that are neither wanted nor made by us. */
function strangers(stack: Stack, observation: Observation): readonly ObservedContainer[] {
  return observation.containers.filter(
    ({ service, labels }) => stack.services[service] === undefined && labels[DDALAB.specHash] === undefined,
  )
}

/** The operation after which a condition of `depends_on` holds. */
const FULFILS = {
  service_started: 'container.start',
  service_healthy: 'container.awaitHealthy',
  service_completed_successfully: 'container.awaitCompleted',
} as const

class DeployPlanner {
  readonly #stack: Stack
  readonly #observation: Observation
  readonly #desired: readonly DesiredContainer[]
  readonly #builder = new PlanBuilder()

  constructor(stack: Stack, observation: Observation, desired: readonly DesiredContainer[]) {
    this.#stack = stack
    this.#observation = observation
    this.#desired = desired
  }

  operations(): Plan['operations'] {
    fileOperations(this.#stack, this.#observation, this.#desired, this.#builder)
    this.#networks()
    this.#volumes()
    this.#images()
    for (const container of this.#desired) this.#container(container)
    for (const container of this.#surplus()) this.#remove(container)
    this.#restartDependents()
    this.#stopAfterPreparation()
    this.#serialiseRanges()
    return this.#builder.build()
  }

  downtime(): readonly Downtime[] {
    return this.#desired.flatMap((container) => expectedDowntime(container))
  }

  #networks(): void {
    const existing = new Set(this.#observation.networks.map(({ name }) => name))
    for (const [key, network] of Object.entries(this.#stack.networks)) {
      if (network.external || existing.has(network.name)) continue
      this.#builder.add({
        kind: 'network.create',
        subject: key,
        resource: `network ${network.name}`,
        cause: 'not there yet',
        effect: 'create',
        input: { key },
      })
    }
  }

  #volumes(): void {
    const existing = new Set(this.#observation.volumes.map(({ name }) => name))
    for (const [key, volume] of Object.entries(this.#stack.volumes)) {
      if (volume.external || existing.has(volume.name)) continue
      this.#builder.add({
        kind: 'volume.create',
        subject: key,
        resource: `volume ${volume.name}`,
        cause: 'not there yet',
        effect: 'create',
        input: { key },
      })
    }
  }

  #images(): void {
    const needed = this.#desired.filter(({ verdict }) => verdict.kind === 'create' || verdict.kind === 'recreate')
    for (const { service } of needed) {
      const { image: reference, platform } = service
      const present = this.#observation.images[reference] ?? null
      const remote = this.#observation.registryDigests[reference]
      const outdated = remote !== undefined && !present?.repoDigests.some((digest) => digest.endsWith(`@${remote}`))
      if (present !== null && !outdated) continue
      if (service.pullPolicy === 'never') continue
      this.#builder.add({
        kind: 'image.pull',
        subject: reference,
        resource: `image ${reference}`,
        cause: present === null ? 'not on this engine' : 'the registry has a newer digest',
        effect: 'pull',
        input: { reference, service: service.name, ...(platform !== undefined && { platform }) },
      })
    }
  }

  #container(container: DesiredContainer): void {
    const { verdict, existing } = container
    switch (verdict.kind) {
      case 'keep':
        return
      case 'await':
        this.#await(container, verdict.cause, [], 0)
        return
      case 'create':
        this.#create(container, verdict.cause)
        this.#start(container, verdict.cause, [operationId('container.create', container.key)])
        this.#await(container, verdict.cause, [operationId('container.start', container.key)], 0)
        return
      case 'recreate':
        if (existing !== undefined) this.#replace(container, existing, verdict.cause)
        return
      case 'start':
        this.#start(container, verdict.cause, [], existing)
        this.#await(container, verdict.cause, [operationId('container.start', container.key)], 0)
        return
      case 'unpause':
        this.#builder.add({
          kind: 'container.unpause',
          subject: container.key,
          resource: `container ${container.name}`,
          cause: verdict.cause,
          effect: 'unpause',
          input: { id: existing?.id ?? null },
        })
        this.#await(container, verdict.cause, [operationId('container.unpause', container.key)], 0)
    }
  }

  /** Stop-first: the new container exists before the old one stops, and the old one is kept until the verdict. */
  #replace(container: DesiredContainer, old: ObservedContainer, cause: string): void {
    const { key, service } = container
    this.#create(container, cause, old)
    const stopped = this.#stop(old, key, cause, { neutralise: true })
    this.#start(container, cause, [operationId('container.create', key), stopped])
    const watch = service.updateConfig?.monitor ?? WATCH_AFTER_REPLACE
    this.#await(container, cause, [operationId('container.start', key)], watch)
    const removed = this.#builder.add({
      kind: 'container.remove',
      subject: `${key}-old`,
      resource: `container ${container.name}`,
      cause,
      effect: `remove the replaced container ${old.id.slice(0, 12)}`,
      phase: 'commit',
      input: { id: old.id },
    })
    this.#builder.add({
      kind: 'container.rename',
      subject: key,
      resource: `container ${container.name}`,
      cause,
      effect: `take the name ${container.name}`,
      phase: 'commit',
      after: [removed],
      input: { from: temporaryName(old.id, container.name), to: container.name },
    })
  }

  #create(container: DesiredContainer, cause: string, old?: ObservedContainer): OperationId {
    const { service, key, name, number } = container
    const parents = this.#parentKeys(container)
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
        ...parents.map((parent) => operationId('container.create', parent)),
      ],
      input: {
        service: service.name,
        number,
        name: old === undefined ? name : temporaryName(old.id, name),
        replaces: old?.id ?? null,
        anonymousVolumes: old === undefined ? [] : anonymousVolumes(old, this.#stack),
      },
    })
  }

  #start(container: DesiredContainer, cause: string, after: readonly OperationId[], kept?: ObservedContainer): void {
    this.#builder.add({
      kind: 'container.start',
      subject: container.key,
      resource: `container ${container.name}`,
      cause,
      effect: 'start',
      after: [...after, ...this.#dependencies(container)],
      // A new container is found through the outcome of its creation; one that is kept, by its id.
      input: {
        create: kept === undefined ? operationId('container.create', container.key) : null,
        id: kept?.id ?? null,
      },
    })
  }

  #await(container: DesiredContainer, cause: string, after: readonly OperationId[], watch: number): void {
    const { service, key, name, existing, verdict } = container
    const fresh = verdict.kind === 'create' || verdict.kind === 'recreate'
    const completes = isOneShot(this.#stack, service.name)
    this.#builder.add({
      kind: completes ? 'container.awaitCompleted' : 'container.awaitHealthy',
      subject: key,
      resource: `container ${name}`,
      cause,
      effect: completes ? 'wait until it has completed' : 'wait until it is healthy',
      after,
      input: {
        service: service.name,
        create: fresh ? operationId('container.create', key) : null,
        id: fresh ? null : (existing?.id ?? null),
        watch,
      },
    })
  }

  #stop(
    container: ObservedContainer,
    key: string,
    cause: string,
    options: { readonly neutralise: boolean },
  ): OperationId {
    const service = this.#stack.services[container.service]
    return this.#builder.add({
      kind: 'container.stop',
      subject: key,
      resource: `container ${container.name}`,
      cause,
      effect: 'stop',
      // In reverse order of dependency: whoever depends on this one and stops too, stops first.
      after: this.#dependentsOf(container.service).map((dependent) => operationId('container.stop', dependent)),
      input: {
        id: container.id,
        wasRunning: container.state === 'running' || container.state === 'restarting' || container.state === 'paused',
        gracePeriod: service?.stopGracePeriod ?? null,
        restartPolicy: options.neutralise ? { ...container.restartPolicy } : null,
      },
    })
  }

  /** A container that the stack no longer wants: stopped now, removed after the verdict. */
  #remove(container: ObservedContainer): void {
    const key = `${containerKey(container)}-${container.id.slice(0, 12)}`
    const cause = isTemporary(container) ? 'left over from an interrupted run' : 'no longer in the stack'
    const stopped = this.#stop(container, key, cause, { neutralise: true })
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

  #surplus(): readonly ObservedContainer[] {
    const wanted = new Set(this.#desired.flatMap(({ existing }) => (existing === undefined ? [] : [existing.id])))
    const unknown = new Set(strangers(this.#stack, this.#observation))
    return this.#observation.containers.filter((container) => !wanted.has(container.id) && !unknown.has(container))
  }

  /** `depends_on.restart: true`: a kept container is stopped before, and started after, what it depends on is replaced. */
  #restartDependents(): void {
    for (const container of this.#desired) {
      const { existing, verdict, service } = container
      if (existing === undefined || verdict.kind !== 'keep') continue
      const replaced = Object.entries(service.dependsOn)
        .filter(([name, { restart }]) => restart && this.#isReplaced(name))
        .map(([name]) => name)
      if (replaced.length === 0) continue
      const cause = `${replaced.join(', ')}, which it depends on, is replaced`
      const stopped = this.#stop(existing, container.key, cause, { neutralise: true })
      for (const name of replaced) {
        for (const key of this.#keysOf(name)) this.#builder.order(operationId('container.stop', key), stopped)
      }
      this.#start(container, cause, [stopped], existing)
      this.#await(container, cause, [operationId('container.start', container.key)], 0)
    }
  }

  /** Nothing that runs is stopped before all preparation has succeeded. */
  #stopAfterPreparation(): void {
    const preparation = this.#builder.idsOf(
      'image.pull',
      'network.create',
      'volume.create',
      'file.write',
      'container.create',
    )
    for (const stop of this.#builder.idsOf('container.stop')) this.#builder.order(stop, ...preparation)
  }

  /** The engine allocates ports from ranges racily: such starts come one after the other. */
  #serialiseRanges(): void {
    const keys = this.#desired
      .filter(({ service }) => service.ports.some(({ published }) => published?.includes('-')))
      .map(({ key }) => key)
    keys.forEach((key, index) => {
      const previous = keys[index - 1]
      if (previous === undefined) return
      this.#builder.order(operationId('container.start', key), operationId('container.start', previous))
    })
  }

  /** What must have happened to the dependencies of a container before it starts. */
  #dependencies({ service, key }: DesiredContainer): OperationId[] {
    const conditions = Object.entries(service.dependsOn).flatMap(([name, { condition }]) =>
      this.#keysOf(name).map((dependency) => operationId(FULFILS[condition], dependency)),
    )
    const parents = this.#parentKeys({ service, key }).map((parent) => operationId('container.start', parent))
    return [...conditions, ...parents]
  }

  #parentKeys({ service }: Pick<DesiredContainer, 'service' | 'key'>): string[] {
    return parentsOf(service).flatMap((name) => this.#keysOf(name))
  }

  #keysOf(service: string): string[] {
    return this.#desired.filter((container) => container.service.name === service).map(({ key }) => key)
  }

  #dependentsOf(service: string): string[] {
    return this.#desired
      .filter((container) => container.service.dependsOn[service] !== undefined && container.existing !== undefined)
      .map(({ key }) => key)
  }

  #isReplaced(service: string): boolean {
    return this.#desired.some(
      (container) => container.service.name === service && container.verdict.kind === 'recreate',
    )
  }
}

/** Rule 9: volumes that the engine made for the image's VOLUME lines; they go to the replacement by name. */
function anonymousVolumes(container: ObservedContainer, stack: Stack): { name: string; target: string }[] {
  const named = new Set(Object.values(stack.volumes).map(({ name }) => name))
  return container.mounts.flatMap(({ type, name, target }) =>
    type === 'volume' && name !== undefined && !named.has(name) && /^[0-9a-f]{64}$/.test(name)
      ? [{ name, target }]
      : [],
  )
}
