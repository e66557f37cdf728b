import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DdalabError } from '../errors.ts'

/** Starts a program and gives the version that it says it is. */
export type Probe = (program: string, signal: AbortSignal) => Promise<string>

/** A first start reads all of it from the disk. */
const TIMEOUT = 60_000

/** Asks the program itself: `version --json`. Errors: PROGRAM_DAMAGED, with what it wrote. */
export const askVersion: Probe = async (program, signal) => {
  try {
    const { stdout } = await promisify(execFile)(program, ['version', '--json'], { timeout: TIMEOUT, signal })
    const { data } = JSON.parse(stdout)
    if (typeof data?.ddalab === 'string') return data.ddalab
    throw new Error('it does not say which version it is')
  } catch (thrown) {
    signal.throwIfAborted()
    const stderr = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : ''
    const words = stderr || (thrown instanceof Error ? thrown.message : String(thrown))
    throw new DdalabError('PROGRAM_DAMAGED', `The program ${program} does not start here`, {
      hint: 'Stay with the one that is installed, and tell who publishes it.',
      details: words.split('\n').slice(-10),
      cause: thrown,
    })
  }
}
