import type { Delay } from './event-hub.ts'

interface Timed {
  readonly timestamp: string
}

/** Merges finite logs, each in order of time, exactly by time; of equal times the earlier source comes first. */
export async function* mergeLogs<T extends Timed>(
  sources: readonly AsyncIterable<readonly T[]>[],
): AsyncGenerator<readonly T[]> {
  const logs = sources.map((source) => new Log(source[Symbol.asyncIterator]()))
  try {
    await Promise.all(logs.map((log) => log.fill()))
    const merged: T[] = []
    for (let log = earliest(logs); log?.head !== undefined; log = earliest(logs)) {
      merged.push(log.head)
      if (log.advance()) continue
      // Whose line is next is not known before this log is read further.
      yield merged.splice(0)
      await log.fill()
    }
  } finally {
    await Promise.allSettled(logs.map(({ lines }) => lines.return?.()))
  }
}

/** A log that is read a few lines at a time. */
class Log<T> {
  readonly lines: AsyncIterator<readonly T[]>
  #together: readonly T[] = []
  #at = 0

  constructor(lines: AsyncIterator<readonly T[]>) {
    this.lines = lines
  }

  /** The line that is next; undefined when more have to be read, or all were. */
  get head(): T | undefined {
    return this.#together[this.#at]
  }

  /** Goes on to the next line; false when more have to be read for that. */
  advance(): boolean {
    this.#at += 1
    return this.#at < this.#together.length
  }

  async fill(): Promise<void> {
    while (this.head === undefined) {
      const next = await this.lines.next()
      if (next.done) return
      this.#together = next.value
      this.#at = 0
    }
  }
}

function earliest<T extends Timed>(logs: readonly Log<T>[]): Log<T> | undefined {
  let first: Log<T> | undefined
  for (const log of logs) {
    if (log.head === undefined) continue
    if (first?.head === undefined || log.head.timestamp < first.head.timestamp) first = log
  }
  return first
}

/** Beyond this many lines the sources wait for the reader. */
const MOST_HELD = 5_000

/**
 * Merges logs that are being followed. Lines are held for `window` ms and told in order of time, so that neighbours that
 * arrive out of order are put right. Ends when all sources have ended; an error of one ends all, after what was
 * held. Who stops reading early aborts the signal of the sources.
 */
export async function* mergeFollowedLogs<T extends Timed>(
  sources: readonly AsyncIterable<readonly T[]>[],
  window: number,
  delay: Delay,
): AsyncGenerator<readonly T[]> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  let held: T[] = []
  let arrived = Promise.withResolvers<void>()
  let taken = Promise.withResolvers<void>()
  let open = iterators.length
  let failure: { readonly thrown: unknown } | undefined

  const drain = async (iterator: AsyncIterator<readonly T[]>) => {
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        held.push(...next.value)
        arrived.resolve()
        if (held.length > MOST_HELD) await taken.promise
      }
    } catch (thrown) {
      failure ??= { thrown }
    }
    open -= 1
    arrived.resolve()
  }
  for (const iterator of iterators) void drain(iterator)

  try {
    while (open > 0 || held.length > 0) {
      if (held.length === 0) await arrived.promise
      if (open > 0 && failure === undefined) await delay(window)
      const lines = held
      held = []
      taken.resolve()
      arrived = Promise.withResolvers()
      taken = Promise.withResolvers()
      yield lines.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
      if (failure !== undefined) throw failure.thrown
    }
  } finally {
    taken.resolve()
    // Not awaited: a source that waits for its next line ends when its own signal fires.
    for (const iterator of iterators) iterator.return?.().catch(() => undefined)
  }
}
