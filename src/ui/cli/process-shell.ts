import { currentEnvironment } from '../../core/environment.ts'
import { fileSink } from './file-sink.ts'
import { readPreferences } from './preferences.ts'
import { createShell, type Shell } from './shell.ts'

/** The shell of this process: the one place where the command line meets `process`. */
export function processShell(argv: readonly string[]): Shell {
  const shell = createShell(readPreferences(argv), {
    environment: currentEnvironment(),
    variables: process.env,
    signals: process,
    stdin: () => process.stdin,
    stdout: () => fileSink(1) ?? process.stdout,
    stderr: () => fileSink(2) ?? process.stderr,
    exit: (code) => process.exit(code),
    now: () => new Date(),
  })
  // What nobody waits for (a stream's error event, a lost promise) ends in the form of the contract, too.
  process.once('uncaughtException', (error) => process.exit(shell.fail(error)))
  return shell
}
