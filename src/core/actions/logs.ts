import { setTimeout } from 'node:timers/promises'
import {
  containerLogs,
  type DockerProvider,
  type LogLine,
  mergeFollowedLogs,
  mergeLogs,
  type ObservedContainer,
} from '../providers/docker/index.ts'
import { assertServices, nothingDeployed } from './lifecycle.ts'
import { connect, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface LogOptions {
  /** Empty: all services. */
  readonly services: readonly string[]
  readonly follow: boolean
  /** Unix seconds, fractions allowed. */
  readonly since?: number
  readonly until?: number
  /** Lines of each container to begin with; undefined: all. */
  readonly tail?: number
}

/** A line with the container it came from. */
export interface ServiceLogLine extends LogLine {
  readonly service: string
  /** Its name, which a replacement gives on. */
  readonly container: string
  readonly containerId: string
}

export interface Logs {
  /** Whose lines may come, by service and number. */
  readonly sources: readonly Pick<ServiceLogLine, 'service' | 'container'>[]
  /** Merged in order of time, some at a time. Reading them to the end, or leaving the loop, closes the connection. */
  readonly lines: AsyncIterable<readonly ServiceLogLine[]>
}

/** The logs of several services. Errors: SERVICE_NOT_FOUND, CONTAINER_NOT_FOUND. */
export async function logs(world: World, target: Target, options: LogOptions): Promise<Logs> {
  const open = await openInstance(world, target)
  assertServices(open.stack, options.services)
  const provider = await connect(world, target)
  try {
    const containers = (await provider.containers(open.name))
      .filter(({ service }) => options.services.length === 0 || options.services.includes(service))
      .toSorted((a, b) => a.service.localeCompare(b.service) || a.number - b.number)
    if (containers.length === 0) throw nothingDeployed(open.name)
    const sources = containers.map(({ service, name }) => ({ service, container: name }))
    return { sources, lines: merged(world, provider, containers, options) }
  } catch (thrown) {
    await provider.close()
    throw thrown
  }
}

async function* merged(
  world: World,
  provider: DockerProvider,
  containers: readonly ObservedContainer[],
  options: LogOptions,
): AsyncGenerator<readonly ServiceLogLine[]> {
  try {
    const sources = await Promise.all(containers.map((container) => linesOf(world, provider, container, options)))
    yield* options.follow
      ? mergeFollowedLogs(sources, REORDER_WINDOW, (milliseconds) => setTimeout(milliseconds))
      : mergeLogs(sources)
  } finally {
    await provider.close()
  }
}

/** ms that lines of several services are held while following, so that neighbours come in order of time. */
const REORDER_WINDOW = 50

async function linesOf(
  { sink, signal }: World,
  { engine }: DockerProvider,
  { id, name, service }: ObservedContainer,
  { follow, since, until, tail }: LogOptions,
): Promise<AsyncIterable<readonly ServiceLogLine[]>> {
  const logs = await containerLogs(engine, id, {
    follow,
    signal,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(tail !== undefined && { tail }),
  })
  if (logs.kind === 'unreadable') {
    sink.emit({
      type: 'notice',
      level: 'warning',
      message: `${name} logs with "${logs.driver}", which cannot be read back.`,
    })
    return noLines()
  }
  return labelled(logs.lines, { service, container: name, containerId: id })
}

async function* noLines(): AsyncGenerator<readonly ServiceLogLine[]> {}

async function* labelled(
  lines: AsyncIterable<readonly LogLine[]>,
  { service, container, containerId }: Pick<ServiceLogLine, 'service' | 'container' | 'containerId'>,
): AsyncGenerator<readonly ServiceLogLine[]> {
  for await (const together of lines) {
    yield together.map(({ stream, timestamp, line }) => ({ stream, timestamp, line, service, container, containerId }))
  }
}
