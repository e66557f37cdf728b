import { type OperationId, operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import { containerKey, isAnonymous, isUp, type Observation, type ObservedContainer } from '../observation.ts'
import { PlanBuilder } from './builder.ts'
import { fingerprint, inDependencyOrder, isOneShot } from './desired.ts'

export type LifecycleAction = 'start' | 'stop' | 'restart'

/** The plan that starts, stops or restarts what exists, creating and removing nothing. `services` empty: all of them. */
export function planLifecycle(
  action: LifecycleAction,
  stack: Stack,
  observation: Observation,
  services: readonly string[],
): Plan {
  const chosen = observation.containers.filter(({ service }) => services.length === 0 || services.includes(service))
  const builder = new PlanBuilder()
  const graph = new ServiceGraph(stack, chosen)
  if (action !== 'start') {
    for (const container of chosen.filter(isUp)) stop(container, action, graph, builder, stack)
  }
  if (action !== 'stop') {
    for (const container of chosen.filter((one) => isStartable(one, action, stack)))
      start(container, action, graph, builder, stack)
  }
  return {
    instance: stack.project,
    action,
    fingerprint: fingerprint(stack, observation),
    operations: builder.build(),
    downtime: action === 'start' ? [] : downtime(chosen, action),
  }
}

/** The plan that removes the stack: containers and networks, and the volumes only where asked for. */
export function planDestroy(stack: Stack, observation: Observation, options: { readonly volumes: boolean }): Plan {
  const builder = new PlanBuilder()
  const graph = new ServiceGraph(stack, observation.containers)
  const removed: OperationId[] = observation.containers.map((container) => {
    const key = subject(container)
    if (isUp(container)) stop(container, 'destroy', graph, builder, stack)
    return builder.add({
      kind: 'container.remove',
      subject: key,
      resource: `container ${container.name}`,
      cause: 'destroy',
      effect: 'remove',
      phase: 'commit',
      input: { id: container.id },
    })
  })
  const removal = (kind: 'network.remove' | 'volume.remove', resource: string, name: string) =>
    builder.add({
      kind,
      subject: name,
      resource,
      cause: 'destroy',
      effect: 'remove',
      phase: 'commit',
      after: removed,
      input: { name },
    })
  for (const { name } of ownedNetworks(stack, observation)) removal('network.remove', `network ${name}`, name)
  if (options.volumes) {
    for (const name of dataVolumes(stack, observation)) removal('volume.remove', `volume ${name} and its data`, name)
  }
  for (const [path, text] of Object.entries(observation.files)) {
    if (text === null) continue
    builder.add({
      kind: 'file.remove',
      subject: path,
      resource: `file ${path}`,
      cause: 'destroy',
      effect: 'remove',
      phase: 'commit',
      after: removed,
      input: { path },
    })
  }
  return {
    instance: stack.project,
    action: 'destroy',
    fingerprint: fingerprint(stack, observation),
    operations: builder.build(),
    downtime: [],
  }
}

/** What of the stack, external things excluded, is there. */
function ownedNetworks(stack: Stack, { networks }: Observation): Observation['networks'] {
  const own = new Set(
    Object.values(stack.networks)
      .filter(({ external }) => !external)
      .map(({ name }) => name),
  )
  return networks.filter(({ name }) => own.has(name))
}

export function ownedVolumes(stack: Stack, { volumes }: Observation): Observation['volumes'] {
  const own = new Set(
    Object.values(stack.volumes)
      .filter(({ external }) => !external)
      .map(({ name }) => name),
  )
  return volumes.filter(({ name }) => own.has(name))
}

/** Names of the stack's own volumes and of those that the engine made for its containers. */
export function dataVolumes(stack: Stack, observation: Observation): readonly string[] {
  const own = ownedVolumes(stack, observation).map(({ name }) => name)
  const external = new Set(Object.values(stack.volumes).flatMap((volume) => (volume.external ? [volume.name] : [])))
  const mounts = observation.containers.flatMap((container) => container.mounts.filter(isAnonymous))
  const anonymous = mounts.map(({ name }) => name).filter((name) => !external.has(name))
  return [...new Set([...own, ...anonymous])]
}

function isStartable(container: ObservedContainer, action: LifecycleAction, stack: Stack): boolean {
  const { service, state, exitCode } = container
  // Rule 27.
  if (isOneShot(stack, service) && state === 'exited' && exitCode === 0) return false
  return action === 'restart' || !isUp(container) || state === 'paused'
}

/** Temporary containers share service and number with the ones they replace; their id tells them apart. */
function subject(container: ObservedContainer): string {
  return `${containerKey(container)}-${container.id.slice(0, 12)}`
}

function stop(
  container: ObservedContainer,
  cause: string,
  graph: ServiceGraph,
  builder: PlanBuilder,
  stack: Stack,
): void {
  builder.add({
    kind: 'container.stop',
    subject: subject(container),
    resource: `container ${container.name}`,
    cause,
    effect: 'stop',
    after: graph.dependents(container.service).map((other) => operationId('container.stop', subject(other))),
    input: {
      id: container.id,
      wasRunning: true,
      gracePeriod: stack.services[container.service]?.stopGracePeriod ?? null,
      restartPolicy: null,
    },
  })
}

function start(
  container: ObservedContainer,
  cause: string,
  graph: ServiceGraph,
  builder: PlanBuilder,
  stack: Stack,
): void {
  const key = subject(container)
  const completes = isOneShot(stack, container.service)
  const paused = container.state === 'paused' && cause === 'start'
  const started = builder.add({
    kind: paused ? 'container.unpause' : 'container.start',
    subject: key,
    resource: `container ${container.name}`,
    cause,
    effect: paused ? 'unpause' : 'start',
    after: [
      operationId('container.stop', key),
      ...graph
        .dependencies(container.service)
        .flatMap((other) => [
          operationId('container.awaitHealthy', subject(other)),
          operationId('container.awaitCompleted', subject(other)),
        ]),
    ],
    input: { create: null, id: container.id },
  })
  builder.add({
    kind: completes ? 'container.awaitCompleted' : 'container.awaitHealthy',
    subject: key,
    resource: `container ${container.name}`,
    cause,
    effect: completes ? 'wait until it has completed' : 'wait until it is healthy',
    after: [started],
    input: { service: container.service, create: null, id: container.id, watch: 0 },
  })
}

function downtime(containers: readonly ObservedContainer[], action: LifecycleAction): Plan['downtime'] {
  const services = [...new Set(containers.filter(isUp).map(({ service }) => service))]
  return action === 'stop'
    ? []
    : services.map((service) => ({ service, expected: 2, why: 'it is stopped and started' }))
}

/** Who among the chosen containers depends on whom. */
class ServiceGraph {
  readonly #stack: Stack
  readonly #containers: readonly ObservedContainer[]

  constructor(stack: Stack, containers: readonly ObservedContainer[]) {
    this.#stack = stack
    this.#containers = containers
  }

  dependencies(service: string): readonly ObservedContainer[] {
    const names = new Set(Object.keys(this.#stack.services[service]?.dependsOn ?? {}))
    return this.#containers.filter((container) => names.has(container.service))
  }

  dependents(service: string): readonly ObservedContainer[] {
    const names = new Set(
      inDependencyOrder(this.#stack)
        .filter(({ dependsOn }) => dependsOn[service] !== undefined)
        .map(({ name }) => name),
    )
    return this.#containers.filter((container) => names.has(container.service))
  }
}
