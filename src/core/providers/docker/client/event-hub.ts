import type { Engine } from './engine.ts'
import type { EngineEvent } from './shapes.ts'

/** What can change the state or the health of a container. Health checks also make `exec_*` events, which are noise. */
export const CHANGES = [
  'create',
  'start',
  'die',
  'stop',
  'kill',
  'oom',
  'pause',
  'unpause',
  'restart',
  'health_status',
  'update',
  'rename',
  'destroy',
]

/** Waits `milliseconds`, or rejects when the signal fires. */
export type Delay = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>

/** The longest a timer can be set to. */
const LONGEST_DELAY = 2 ** 31 - 1
const FIRST_RETRY = 100
const LAST_RETRY = 2_000

/** Someone who wants to know when to look at a container again. */
export interface Watch {
  /**
   * Resolves when something has happened to the container since the last call, when the stream of events was interrupted
   * and is back (so something may have happened), or after `milliseconds`. In every case: inspect (rule 55).
   * Rejects with the signal's reason when it fires.
   */
  next(milliseconds: number): Promise<void>
  close(): void
}

/** One stream of engine events for all who wait in a run. Events are hints, inspect is the truth (rule 55). */
export class EventHub {
  readonly #engine: Pick<Engine, 'events'>
  readonly #delay: Delay
  readonly #stop = new AbortController()
  readonly #watchers = new Map<string, Set<() => void>>()
  #listening: Promise<void> | undefined

  constructor(engine: Pick<Engine, 'events'>, delay: Delay) {
    this.#engine = engine
    this.#delay = delay
  }

  /** Watches a container by its full id, from now on. Nothing is lost between this call and the first `next`. */
  watch(container: string, signal: AbortSignal): Watch {
    this.#listening ??= this.#listen()
    let happened = false
    let wake: (() => void) | undefined
    const notify = () => {
      happened = true
      wake?.()
    }
    const watchers = this.#watchers.get(container) ?? new Set()
    this.#watchers.set(container, watchers.add(notify))
    return {
      next: async (milliseconds) => {
        signal.throwIfAborted()
        if (!happened) await this.#either(milliseconds, signal, (resolve) => (wake = resolve))
        happened = false
      },
      close: () => {
        watchers.delete(notify)
        if (watchers.size === 0) this.#watchers.delete(container)
      },
    }
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    // Most commands watch nothing, and aborting loads more of Node.
    if (this.#listening === undefined) return
    this.#stop.abort()
    await this.#listening
  }

  async #either(milliseconds: number, signal: AbortSignal, onWake: (resolve: () => void) => void): Promise<void> {
    const timer = new AbortController()
    try {
      const timeout = this.#delay(
        Math.min(Math.max(milliseconds, 0), LONGEST_DELAY),
        AbortSignal.any([signal, timer.signal]),
      )
      const woken = new Promise<void>(onWake)
      await Promise.race([woken, timeout])
    } catch (thrown) {
      signal.throwIfAborted()
      throw thrown
    } finally {
      timer.abort()
    }
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stop
    let retry = FIRST_RETRY
    while (!signal.aborted) {
      try {
        const events = await this.#engine.events({ type: ['container'], event: CHANGES }, signal)
        retry = FIRST_RETRY
        // What happened before the stream began has not been told.
        this.#notifyAll()
        for await (const event of events) this.#notify(event)
      } catch {
        // Gone for now: those who wait learn why when they inspect, and decide whether to wait for its return.
        this.#notifyAll()
        await this.#delay(retry, signal).catch(() => undefined)
        retry = Math.min(retry * 2, LAST_RETRY)
      }
    }
  }

  #notify({ Actor }: EngineEvent): void {
    for (const notify of this.#watchers.get(Actor.ID) ?? []) notify()
  }

  #notifyAll(): void {
    for (const watchers of this.#watchers.values()) for (const notify of watchers) notify()
  }
}
