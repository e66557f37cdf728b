import { DdalabError, EXIT } from '../../core/errors.ts'
import { formatDuration } from './format.ts'

/** The part of `process` that receives signals. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

export interface Interrupt {
  /** Handed to everything that waits or works; its reason is the error to end with. */
  readonly signal: AbortSignal
  /** From now on an interruption lets the step in flight finish and undoes; before, it ends the program at once. */
  beginWork(): void
  /** From now on the first interruption ends, without a word, what only shows until it is told to stop. */
  beginFollowing(): void
  /** What only showed has been told to stop: nothing is to be said about that. */
  readonly isQuietEnd: boolean
  /** Aborts with TIMED_OUT after this many milliseconds. */
  limit(ms: number): void
  /** While the work lasts another program has the terminal, and Ctrl-C is for that one. */
  lend<T>(work: () => Promise<T>): Promise<T>
  /** Stops listening. */
  close(): void
}

export interface InterruptHandlers {
  readonly announce: (message: string) => void
  /** What the work does when it is asked to end: `stopping`. */
  readonly ending: () => string
  /** Tells the error and ends the program. */
  readonly leave: (error: DdalabError) => void
}

const GRACEFUL = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The one place where signals arrive. The first Ctrl-C, SIGTERM or SIGHUP aborts the work; the second Ctrl-C calls `leave`
 * at once. SIGTERM and SIGHUP only ever ask: a service manager or a closing terminal sends several.
 */
export function createInterrupt(source: SignalSource, handlers: InterruptHandlers): Interrupt {
  const controller = new AbortController()
  let doing: 'looking' | 'working' | 'following' = 'looking'
  let pressed = 0
  let lent = 0
  let timer: NodeJS.Timeout | undefined

  const ask = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT' && lent > 0) return
    if (signal === 'SIGINT') pressed += 1
    if (controller.signal.aborted && pressed < 2) {
      if (signal === 'SIGINT' && doing === 'working') handlers.announce('Already ending. Ctrl-C again exits at once.')
      return
    }
    const error = new DdalabError('INTERRUPTED', `Interrupted (${signal}).`, { exit: EXIT.interrupted })
    if (pressed >= 2 || doing === 'looking') {
      handlers.leave(doing === 'working' ? leftBehind(error) : error)
    } else {
      if (doing === 'working') handlers.announce(`Interrupted: ${handlers.ending()}. Ctrl-C again exits at once.`)
      controller.abort(error)
    }
  }
  const listeners = GRACEFUL.map((signal) => [signal, () => ask(signal)] as const)
  for (const [signal, listener] of listeners) source.on(signal, listener)

  return {
    signal: controller.signal,
    get isQuietEnd() {
      return doing === 'following' && controller.signal.aborted
    },
    beginWork: () => {
      doing = 'working'
    },
    beginFollowing: () => {
      doing = 'following'
    },
    limit: (ms) => {
      clearTimeout(timer)
      const error = new DdalabError('TIMED_OUT', `Not finished within ${formatDuration(ms)} (--timeout).`, {
        hint: 'Give it more time with --timeout, or look at what it waits for with: ddalab status',
      })
      timer = setTimeout(() => {
        controller.abort(error)
        if (doing === 'looking') handlers.leave(error)
      }, ms)
    },
    lend: async (work) => {
      lent += 1
      try {
        return await work()
      } finally {
        lent -= 1
      }
    },
    close: () => {
      clearTimeout(timer)
      for (const [signal, listener] of listeners) source.off(signal, listener)
    },
  }
}

function leftBehind(error: DdalabError): DdalabError {
  return new DdalabError('INTERRUPTED', `${error.message} Left in the middle of its work.`, {
    hint: 'The next ddalab command on this instance finishes or undoes it first.',
  })
}
