import { type Decoded, integer, list, mapOf, optional, record, text, withDefault } from './decode.ts'
import type { Engine } from './engine.ts'
import { describeEngineError } from './engine-errors.ts'
import { jsonLines } from './json-lines.ts'

/** What a container uses now; counters run since its start. The same figures as `docker stats`. */
export interface ContainerStats {
  /** 100 is one core; undefined in the first answer, which has nothing to compare with. */
  readonly cpuPercent: number | undefined
  /** Bytes, without the page cache that the kernel can take back. */
  readonly memoryBytes: number
  /** Bytes; the host's memory where the container has no limit. */
  readonly memoryLimit: number
  readonly networkReceived: number
  readonly networkSent: number
  readonly blockRead: number
  readonly blockWritten: number
  readonly processes: number
}

const number = withDefault(integer, 0)
const cpu = withDefault(
  record({
    cpu_usage: withDefault(record({ total_usage: number, percpu_usage: list(integer) }), {
      total_usage: 0,
      percpu_usage: [],
    }),
    system_cpu_usage: number,
    online_cpus: number,
  }),
  { cpu_usage: { total_usage: 0, percpu_usage: [] }, system_cpu_usage: 0, online_cpus: 0 },
)
const statsShape = record({
  cpu_stats: cpu,
  precpu_stats: cpu,
  memory_stats: withDefault(record({ usage: number, limit: number, stats: mapOf(integer) }), {
    usage: 0,
    limit: 0,
    stats: {},
  }),
  networks: mapOf(record({ rx_bytes: number, tx_bytes: number })),
  blkio_stats: optional(record({ io_service_bytes_recursive: list(record({ op: text, value: number })) })),
  pids_stats: optional(record({ current: number })),
})
type Raw = Decoded<typeof statsShape>

/** The figures out of one document of the engine; arithmetic of the Docker CLI (cli/command/container/stats_helpers.go). */
export function readStats(document: unknown): ContainerStats {
  const raw = statsShape(document, 'stats')
  const interfaces = Object.values(raw.networks)
  return {
    cpuPercent: cpuPercent(raw),
    memoryBytes: usedMemory(raw.memory_stats),
    memoryLimit: raw.memory_stats.limit,
    networkReceived: sum(interfaces.map(({ rx_bytes }) => rx_bytes)),
    networkSent: sum(interfaces.map(({ tx_bytes }) => tx_bytes)),
    blockRead: blockBytes(raw, 'read'),
    blockWritten: blockBytes(raw, 'write'),
    processes: raw.pids_stats?.current ?? 0,
  }
}

function cpuPercent({ cpu_stats: now, precpu_stats: before }: Raw): number | undefined {
  if (before.system_cpu_usage === 0) return undefined
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage
  const possible = now.system_cpu_usage - before.system_cpu_usage
  const cores = now.online_cpus || now.cpu_usage.percpu_usage.length
  return used > 0 && possible > 0 ? (used / possible) * cores * 100 : 0
}

/** The reclaimable cache is `total_inactive_file` with cgroup v1 and `inactive_file` with v2. */
function usedMemory({ usage, stats }: Raw['memory_stats']): number {
  const cache = stats.total_inactive_file ?? stats.inactive_file ?? 0
  return cache < usage ? usage - cache : usage
}

/** `Read` with cgroup v1, `read` with v2. */
function blockBytes({ blkio_stats }: Raw, operation: string): number {
  const entries = blkio_stats?.io_service_bytes_recursive ?? []
  return sum(entries.filter(({ op }) => op.toLowerCase() === operation).map(({ value }) => value))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/**
 * The figures once a second until `signal` fires or the container stops (normal ends); `once` gives one complete set, which
 * takes the engine a second or two. Errors: CONTAINER_NOT_FOUND, ENGINE_GONE.
 */
export async function* containerStats(
  engine: Pick<Engine, 'containers'>,
  container: string,
  { once = false, signal }: { readonly once?: boolean; readonly signal?: AbortSignal } = {},
): AsyncGenerator<ContainerStats> {
  const stream = await engine.containers.stats(container, { stream: !once }, signal === undefined ? {} : { signal })
  try {
    for await (const document of jsonLines(stream)) yield readStats(document)
  } catch (thrown) {
    if (!signal?.aborted) throw describeEngineError(thrown, `read the statistics of container ${container}`)
  } finally {
    stream.destroy()
  }
}
