import type { ServiceStats } from '../../core/actions/stats.ts'

/** The latest values of something that is measured again and again, oldest first. */
export type Ring = readonly number[]

/** How many values are kept: about five minutes. */
export const KEPT = 120

/** The ring with one more value; the oldest goes when it is full. */
export function push(ring: Ring, value: number, kept = KEPT): Ring {
  return [...ring.slice(Math.max(0, ring.length + 1 - kept)), value]
}

/** What a service has used: per cent of one core, bytes. */
export interface Usage {
  readonly cpu: Ring
  readonly memory: Ring
  /** Bytes; what its containers may use together. */
  readonly memoryLimit: number
}

export type History = ReadonlyMap<string, Usage>

const NEVER: Usage = { cpu: [], memory: [], memoryLimit: 0 }

/** The history with one reading more. Services that no longer run are forgotten. */
export function record(history: History, stats: readonly ServiceStats[]): History {
  return new Map(
    [...Map.groupBy(stats, ({ service }) => service)].map(([service, readings]) => {
      const { cpu, memory } = history.get(service) ?? NEVER
      const sum = (of: (reading: ServiceStats) => number) => readings.reduce((total, one) => total + of(one), 0)
      return [
        service,
        {
          cpu: push(
            cpu,
            sum(({ cpuPercent }) => cpuPercent ?? 0),
          ),
          memory: push(
            memory,
            sum(({ memoryBytes }) => memoryBytes),
          ),
          memoryLimit: sum(({ memoryLimit }) => memoryLimit),
        },
      ]
    }),
  )
}

const BARS = ['▁▂▃▄▅▆▇█', '_.-~=+*#'] as const

/** The latest values as bars in so many columns, from 0 to `top` or the highest of them. */
export function sparkline(ring: Ring, width: number, unicode: boolean, top = 0): string {
  const bars = BARS[unicode ? 0 : 1]
  const shown = ring.slice(-width)
  const highest = Math.max(top, ...shown)
  const bar = (value: number) => bars[highest <= 0 ? 0 : Math.min(7, Math.floor((value / highest) * 8))] ?? ''
  return shown.map(bar).join('').padStart(width)
}
