import type { Delay } from './event-hub.ts'

interface Timed {
  readonly timestamp: string
}

/** Merges finite logs, each in order of time, exactly by time; of equal times the earlier source comes first. */
export async function* mergeLogs<T extends Timed>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()))
    for (;;) {
      let first: { readonly value: T; readonly index: number } | undefined
      for (const [index, head] of heads.entries()) {
        if (!head.done && (first === undefined || head.value.timestamp < first.value.timestamp)) {
          first = { value: head.value, index }
        }
      }
      const iterator = first && iterators[first.index]
      if (first === undefined || iterator === undefined) return
      yield first.value
      heads[first.index] = await iterator.next()
    }
  } finally {
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.()))
  }
}

/** Beyond this many lines the sources wait for the reader. */
const MOST_HELD = 5_000

/**
 * Merges logs that are being followed. Lines are held for `window` ms and told in order of time, so that neighbours that
 * arrive out of order are put right. Ends when all sources have ended; an error of one ends all, after what was
 * held. Who stops reading early aborts the signal of the sources.
 */
export async function* mergeFollowedLogs<T extends Timed>(
  sources: readonly AsyncIterable<T>[],
  window: number,
  delay: Delay,
): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  let held: T[] = []
  let arrived = Promise.withResolvers<void>()
  let taken = Promise.withResolvers<void>()
  let open = iterators.length
  let failure: { readonly thrown: unknown } | undefined

  const drain = async (iterator: AsyncIterator<T>) => {
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        held.push(next.value)
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
      yield* lines.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
      if (failure !== undefined) throw failure.thrown
    }
  } finally {
    taken.resolve()
    // Not awaited: a source that waits for its next line ends when its own signal fires.
    for (const iterator of iterators) iterator.return?.().catch(() => undefined)
  }
}
