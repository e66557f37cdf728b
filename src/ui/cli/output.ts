import { systemCode } from '../../core/errors.ts'
import type { StreamFacts } from './style.ts'

/** The part of a Node stream that is written to. */
export interface Sink extends StreamFacts {
  readonly rows?: number | undefined
  write(text: string, done?: () => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** One stream of the program. A reader that went away (`| head`, a closed terminal) is no error: what follows is dropped. */
export interface Output {
  readonly stream: Sink
  /** False when more is waiting than the reader takes: `flush` before going on. */
  write(text: string): boolean
  /** Aborted when the reader went away: what only follows and shows (`logs --follow`) ends then. */
  readonly closed: AbortSignal
  /** Resolves when everything written has left the program. */
  flush(): Promise<void>
}

const GONE = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'])

/** `stream` is asked for on the first write only: opening stdout costs milliseconds. */
export function createOutput(open: () => Sink): Output {
  const gone = new AbortController()
  let opened: Sink | undefined
  const stream = (): Sink => {
    if (opened !== undefined) return opened
    opened = open()
    opened.on('error', (error) => {
      if (!GONE.has(systemCode(error) ?? '')) throw error
      gone.abort(error)
    })
    return opened
  }
  return {
    get stream() {
      return stream()
    },
    closed: gone.signal,
    write: (text) => gone.signal.aborted || stream().write(text),
    flush: () => {
      if (opened === undefined || gone.signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        gone.signal.addEventListener('abort', () => resolve(), { once: true })
        stream().write('', () => resolve())
      })
    },
  }
}
