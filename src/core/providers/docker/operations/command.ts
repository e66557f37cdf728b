import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { type Engine, runExec } from '../client/index.ts'

export interface CommandResult {
  readonly exitCode: number
  /** stdout and stderr as they came. */
  readonly output: string
}

/** More of a command's output than this is of no use in a message; characters. */
const MOST_OUTPUT = 64 * 1024

/** Runs a command in a container without a terminal or input, and collects what it says. */
export async function runCommand(
  engine: Pick<Engine, 'exec'>,
  container: string,
  command: readonly string[],
  signal?: AbortSignal,
): Promise<CommandResult> {
  let output = ''
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (output.length < MOST_OUTPUT) output += chunk.toString()
      done()
    },
  })
  const delay = (milliseconds: number) => setTimeout(milliseconds)
  const streams = { stdout: collect, stderr: collect }
  const exitCode = await runExec(engine, container, { command }, streams, { delay, ...(signal && { signal }) })
  return { exitCode, output }
}
