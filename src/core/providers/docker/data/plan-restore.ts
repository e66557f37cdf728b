import { type Operation, type OperationId, operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import { isUp, type Observation, type ObservedContainer } from '../observation.ts'
import type { DataPart } from './part.ts'
import { serversOf } from './parts.ts'
import {
  after,
  asJson,
  type BackupRequest,
  backupStep,
  DATA_INSPECT,
  DATA_RESTORE,
  ids,
  pruneStep,
} from './plan-backup.ts'

/** Seconds that a restore takes; a rule of thumb for the forecast. */
const RESTORE = 10

export type RestoreRequest = BackupRequest & {
  /** The backup whose data comes back; `id` is that of the backup that is made of what is there now. */
  readonly backup: string
}

/**
 * The plan with the return of these parts to a backup, before anything else but pulls. What writes to them stops, then what is
 * there is backed up, so that all of this can be undone, then the data comes back, and what was stopped is started again
 * unless the plan replaces it. Pure.
 */
export function withDataRestore(
  plan: Plan,
  stack: Stack,
  parts: readonly DataPart[],
  observation: Observation,
  request: RestoreRequest,
): Plan {
  if (parts.length === 0) return plan
  const { backup: from, ...safety } = request
  const servers = unique(parts.flatMap((part) => serversOf(part, observation)))
  const writers = writersOf(stack, parts, observation).filter((container) => !servers.includes(container))
  const pulls = plan.operations.filter(({ kind }) => kind === 'image.pull').map(({ id }) => id)

  const inspected = inspectStep(parts, from, pulls)
  const stopped = writers.map((container) => stop(stack, container, writers, [inspected.id]))
  // Nobody writes any more: what is in this backup is what was there at the end.
  const kept = backupStep(plan.instance, parts, safety, [inspected.id, ...ids(stopped)])
  const serversStopped = servers.map((container) => stop(stack, container, servers, [kept.id]))
  const restored = parts.map((part) => restoreStep(part, from, request.id, [kept.id, ...ids(serversStopped)]))

  const replaced = new Set(plan.operations.filter(({ kind }) => kind === 'container.stop').map(({ input }) => input.id))
  const startedServers = servers.filter(({ id }) => !replaced.has(id)).flatMap((one) => start(one, ids(restored)))
  const startedWriters = writers
    .filter(({ id }) => !replaced.has(id))
    .flatMap((one) => start(one, [...ids(restored), ...ids(startedServers)]))
  const steps = [inspected, ...stopped, kept, ...serversStopped, ...restored, ...startedServers, ...startedWriters]
  const interrupted = unique([...writers, ...servers].map(({ service }) => service))
  const downtime = interrupted.map((service) => ({
    service,
    expected: RESTORE,
    why: 'it is stopped while data that it writes is restored',
  }))
  const databases = parts.filter(({ kind }) => kind === 'postgres')
  return {
    ...plan,
    operations: [
      ...steps,
      ...after(plan.operations, [...ids(restored), ...ids(startedServers)]),
      pruneStep(plan.instance, request.keep, [...plan.operations, ...steps]),
    ],
    downtime: [
      ...databases.map(({ service }) => ({ service, expected: RESTORE, why: 'its tables are replaced' })),
      ...downtime,
      ...plan.downtime,
    ],
  }
}

/** Before anything is stopped for it. */
function inspectStep(parts: readonly DataPart[], backup: string, afterwards: readonly OperationId[]): Operation {
  return {
    id: operationId(DATA_INSPECT, backup),
    kind: DATA_INSPECT,
    resource: `backup ${backup}`,
    cause: `restore of ${backup}`,
    effect: 'read it to its end',
    phase: 'apply',
    after: afterwards,
    input: { backup, parts: parts.map(({ name }) => name) },
  }
}

function restoreStep(part: DataPart, backup: string, safety: string, afterwards: readonly OperationId[]): Operation {
  return {
    id: operationId(DATA_RESTORE, part.name),
    kind: DATA_RESTORE,
    resource: `data ${part.name} of ${part.service}`,
    cause: `restore of ${backup}`,
    effect: `replace all of it by what is in ${backup}`,
    phase: 'apply',
    after: afterwards,
    input: { backup, safety, part: asJson(part) },
  }
}

/** What writes to the parts: services that depend on theirs. The ingress passes on only, and stays. */
function writersOf(
  stack: Stack,
  parts: readonly DataPart[],
  { containers }: Observation,
): readonly ObservedContainer[] {
  const held = new Set(parts.map(({ service }) => service))
  const databases = new Set(parts.filter(({ kind }) => kind === 'postgres').map(({ service }) => service))
  const writing = Object.values(stack.services)
    .filter(
      ({ name, dependsOn }) => name !== stack.ingress?.service && Object.keys(dependsOn).some((one) => held.has(one)),
    )
    .map(({ name }) => name)
  return containers.filter((one) => writing.includes(one.service) && !databases.has(one.service) && isUp(one))
}

/** Stops a container after those of `chosen` that depend on it. */
function stop(
  stack: Stack,
  container: ObservedContainer,
  chosen: readonly ObservedContainer[],
  afterwards: readonly OperationId[],
): Operation {
  const dependents = chosen.filter(
    ({ service, id }) => id !== container.id && stack.services[service]?.dependsOn[container.service] !== undefined,
  )
  return {
    id: stopId(container),
    kind: 'container.stop',
    resource: `container ${container.name}`,
    cause: 'its data is restored',
    effect: 'stop',
    phase: 'apply',
    after: [...afterwards, ...dependents.map(stopId)],
    input: {
      id: container.id,
      wasRunning: true,
      gracePeriod: stack.services[container.service]?.stopGracePeriod ?? null,
      restartPolicy: null,
    },
  }
}

const subject = ({ service, number, id }: ObservedContainer) => `${service}-${number}-${id.slice(0, 12)}-data`
const stopId = (container: ObservedContainer) => operationId('container.stop', subject(container))

function start(container: ObservedContainer, afterwards: readonly OperationId[]): readonly [Operation, Operation] {
  const common = { resource: `container ${container.name}`, cause: 'its data is restored', phase: 'apply' } as const
  const id = operationId('container.start', subject(container))
  return [
    {
      id,
      kind: 'container.start',
      ...common,
      effect: 'start',
      after: afterwards,
      input: { create: null, id: container.id },
    },
    {
      id: operationId('container.awaitHealthy', subject(container)),
      kind: 'container.awaitHealthy',
      ...common,
      effect: 'wait until it is healthy',
      after: [id],
      input: { service: container.service, create: null, id: container.id, watch: 0 },
    },
  ]
}

const unique = <T>(things: readonly T[]): readonly T[] => [...new Set(things)]
