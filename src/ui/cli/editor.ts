import { spawn } from 'node:child_process'
import { DdalabError } from '../../core/errors.ts'

/**
 * Opens a person's editor on a file and waits until it is closed. `command` is a line for the shell, as in VISUAL and EDITOR
 * (`code --wait`). Errors: PRECONDITION_FAILED when it cannot be started or ends with an error.
 */
export async function openEditor(command: string, file: string, platform: NodeJS.Platform): Promise<void> {
  // The file's name comes as an argument of its own: it may hold anything.
  const child =
    platform === 'win32'
      ? spawn(`${command} "${file}"`, { stdio: 'inherit', shell: true })
      : spawn('/bin/sh', ['-c', `${command} "$1"`, 'editor', file], { stdio: 'inherit' })
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? code}`))
  })
  if (outcome === undefined) return
  throw new DdalabError('PRECONDITION_FAILED', `The editor "${command}" did not work: ${outcome}`, {
    hint: 'Set the variable EDITOR to an editor that is installed, as in EDITOR=nano.',
  })
}

/** The editor of the system, for those who named none. */
export function defaultEditor(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'notepad' : 'vi'
}
