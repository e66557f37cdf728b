import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { DdalabError } from '../../../errors.ts'
import { type Engine, runExec } from '../client/index.ts'

export interface ScriptStreams {
  readonly stdin?: Readable
  /** Absent: what it says on stdout is collected. */
  readonly stdout?: Writable
  readonly signal?: AbortSignal
}

/** A tool that ended with another code than 0. */
export class ScriptFailed extends DdalabError {
  readonly exitCode: number

  constructor(doing: string, exitCode: number, details: readonly string[]) {
    super('OPERATION_FAILED', `Could not ${doing}: it ended with code ${exitCode}.`, { details })
    this.exitCode = exitCode
  }
}

/** Of what a tool says, the end is what tells why it failed; characters. */
const KEPT = 16 * 1024

/**
 * Runs a POSIX shell script in a container, with `words` as `$1`, `$2`, ...; gives what it said on stdout. `doing` completes
 * "Could not ...". Secrets come from the container's environment, never from here: arguments are for everybody to read.
 *
 * Errors: ScriptFailed (OPERATION_FAILED) with the tool's last words when it ends with another code than 0; that of `stdin` when it breaks.
 */
export async function runScript(
  engine: Pick<Engine, 'exec'>,
  container: string,
  doing: string,
  script: string,
  words: readonly string[] = [],
  { stdin, stdout, signal }: ScriptStreams = {},
): Promise<string> {
  const said = tail()
  const complaints = tail()
  const broken = new AbortController()
  // Cut off, a tool sees the end of its input before that was complete, and fails; it must not take it for the whole.
  const onError = (error: Error) => broken.abort(error)
  stdin?.once('error', onError)
  const signals = [broken.signal, ...(signal === undefined ? [] : [signal])]
  try {
    const exitCode = await runExec(
      engine,
      container,
      { command: ['sh', '-c', script, 'sh', ...words] },
      { ...(stdin !== undefined && { stdin }), stdout: stdout ?? said.stream, stderr: complaints.stream },
      { delay: (milliseconds) => setTimeout(milliseconds), signal: AbortSignal.any(signals) },
    )
    if (exitCode === 0) return said.text()
    throw new ScriptFailed(doing, exitCode, lastLines(complaints.text() || said.text()))
  } catch (thrown) {
    throw stdin?.errored ?? thrown
  } finally {
    stdin?.off('error', onError)
  }
}

function tail(): { readonly stream: Writable; readonly text: () => string } {
  let kept = ''
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      kept = (kept + chunk.toString()).slice(-KEPT)
      done()
    },
  })
  return { stream, text: () => kept }
}

function lastLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-10)
}
