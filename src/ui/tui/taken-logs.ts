import type { ServiceLogLine } from '../../core/actions/logs.ts'

/** Lines of each container to begin with. */
const TAIL = 2_000
/** Seconds that are read once more when the reading is begun again: containers do not log in one order. */
const OVERLAP = 2

/**
 * What was taken of the log of each container: a reading that is begun again hands on nothing twice, and leaves nothing out.
 * By the container's id, for a replacement takes over its name.
 */
export class TakenLogs {
  /** The time of the last line; Docker writes them all with the same digits. */
  readonly #last = new Map<string, string>()

  /** Where a reading begins. */
  beginning(): { readonly tail: number } | { readonly since: number } {
    const [newest] = [...this.#last.values()].sort().slice(-1)
    return newest === undefined ? { tail: TAIL } : { since: Date.parse(newest) / 1000 - OVERLAP }
  }

  /** Whether a line of the reading that begins now was not taken before. */
  begin(): (line: Pick<ServiceLogLine, 'containerId' | 'timestamp'>) => boolean {
    const known = new Map(this.#last)
    return ({ containerId, timestamp }) => timestamp > (known.get(containerId) ?? '')
  }

  take(lines: readonly Pick<ServiceLogLine, 'containerId' | 'timestamp'>[]): void {
    for (const { containerId, timestamp } of lines) this.#last.set(containerId, timestamp)
  }
}
