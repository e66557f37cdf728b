import { currentEnvironment } from '../../core/environment.ts'
import { readPreferences } from './preferences.ts'
import { createShell, type Shell } from './shell.ts'

/** The shell of this process: the one place where the command line meets `process`. */
export function processShell(argv: readonly string[]): Shell {
  return createShell(readPreferences(argv), {
    environment: currentEnvironment(),
    variables: process.env,
    signals: process,
    stdin: () => process.stdin,
    stdout: () => process.stdout,
    stderr: () => process.stderr,
    exit: (code) => process.exit(code),
    now: () => new Date(),
  })
}
