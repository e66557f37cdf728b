import { spawn } from 'node:child_process'
import { setImmediate as turn } from 'node:timers/promises'
import type { Outside } from './state.ts'

/** What another program on our terminal needs. */
export interface OutsideOptions {
  /** The words that start this program, before those of a command. */
  readonly self: readonly [string, ...string[]]
  /** The words of a command with the flags of the instance. */
  readonly commandWords: (words: readonly string[]) => readonly string[]
  readonly stdin: NodeJS.ReadStream
  readonly screen: NodeJS.WriteStream & { readonly fd: number }
  readonly signal: AbortSignal
  /** Keeps Ctrl-C away from us meanwhile. */
  readonly lend: (work: () => Promise<void>) => Promise<void>
}

/** Runs our own commands on the terminal of the dashboard, which has to be free; what they wrote stays until it is read. */
export function outsideRunner(options: OutsideOptions): (what: Outside) => Promise<void> {
  const { self, commandWords, stdin, screen, signal, lend } = options
  const [file, ...first] = self
  return ({ words, waits }) =>
    lend(async () => {
      const stdio = ['inherit', screen.fd, screen.fd] as const
      const child = spawn(file, [...first, ...commandWords(words)], { stdio: [...stdio], signal })
      const code = await new Promise<number | null>((resolve) => {
        child.once('error', () => resolve(null))
        child.once('close', resolve)
      })
      // A shell that ends well leaves nothing to be read.
      if ((waits || code !== 0) && !signal.aborted) await untilEnter(stdin, screen)
    })
}

/**
 * Whoever has left the keyboard still reads it in Node, and would take keys from the other program. A pause means something only
 * when the end of the listening has been noticed.
 */
export async function stopReading(stdin: NodeJS.ReadStream): Promise<void> {
  await turn()
  stdin.pause()
  await turn()
}

/** Enter, and what people press to get away from something. */
const GOES_ON = /[\r\nq\u001B\u0003]/

/** Reads as Ink does: a stream that is paused, or that flows, would not wake up for it again. */
async function untilEnter(stdin: NodeJS.ReadStream, screen: NodeJS.WriteStream): Promise<void> {
  screen.write('\nPress Enter to go back to the dashboard.')
  stdin.ref()
  stdin.setRawMode(true)
  await new Promise<void>((resolve) => {
    const take = (): void => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) {
        if (!GOES_ON.test(String(chunk))) continue
        stdin.off('readable', take)
        resolve()
      }
    }
    stdin.on('readable', take)
  })
  stdin.setRawMode(false)
  screen.write('\n')
}
