import type { ServiceStats } from '../../core/actions/stats.ts'

/** The latest values of something that is measured again and again, oldest first. */
export type Ring = readonly number[]

/** How many values are kept: about five minutes. */
export const KEPT = 120

/** The ring with one more value; the oldest goes when it is full. */
export function push(ring: Ring, value: number, kept = KEPT): Ring {
  return [...ring.slice(Math.max(0, ring.length + 1 - kept)), value]
}

/** What a service has used: per cent of one core, bytes, bytes a second. */
export interface Usage {
  readonly cpu: Ring
  readonly memory: Ring
  /** In and out together, as are reads and writes of the disk. */
  readonly network: Ring
  readonly disk: Ring
  /** Bytes; what its containers may use together. */
  readonly memoryLimit: number
  /** The counters of the last reading, and when it was made (ms): what the next rates are measured from. */
  readonly last: { readonly network: number; readonly disk: number; readonly at: number }
}

export type History = ReadonlyMap<string, Usage>

/** The history with one reading more. Services that no longer run are forgotten. */
export function record(history: History, stats: readonly ServiceStats[], now: Date): History {
  const services = Map.groupBy(stats, ({ service }) => service)
  return new Map([...services].map(([name, readings]) => [name, usage(history.get(name), readings, now.getTime())]))
}

function usage(before: Usage | undefined, readings: readonly ServiceStats[], at: number): Usage {
  const sum = (of: (reading: ServiceStats) => number) => readings.reduce((total, one) => total + of(one), 0)
  const cpu = sum(({ cpuPercent }) => cpuPercent ?? 0)
  const memory = sum(({ memoryBytes }) => memoryBytes)
  const network = sum(({ networkReceived, networkSent }) => networkReceived + networkSent)
  const disk = sum(({ blockRead, blockWritten }) => blockRead + blockWritten)
  const withRate = (ring: Ring, counter: number, earlier: number, since: number): Ring => {
    // A counter that fell is that of a new container.
    const isRate = at > since && counter >= earlier
    return isRate ? push(ring, ((counter - earlier) * 1000) / (at - since)) : ring
  }
  return {
    cpu: push(before?.cpu ?? [], cpu),
    memory: push(before?.memory ?? [], memory),
    network: before === undefined ? [] : withRate(before.network, network, before.last.network, before.last.at),
    disk: before === undefined ? [] : withRate(before.disk, disk, before.last.disk, before.last.at),
    memoryLimit: sum(({ memoryLimit }) => memoryLimit),
    last: { network, disk, at },
  }
}

const BARS = ['▁▂▃▄▅▆▇█', '_.-~=+*#'] as const

/** The latest values as bars in so many columns, from 0 to `top` or the highest of them. */
export function sparkline(ring: Ring, width: number, unicode: boolean, top = 0): string {
  const bars = BARS[unicode ? 0 : 1]
  const shown = width > 0 ? ring.slice(-width) : []
  const highest = Math.max(top, ...shown)
  const bar = (value: number) => bars[highest <= 0 ? 0 : Math.min(7, Math.floor((value / highest) * 8))] ?? ''
  return shown.map(bar).join('').padStart(width)
}
