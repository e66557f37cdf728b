import { readFile, stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { GivenAnswers } from '../../core/actions/init.ts'
import { DdalabError } from '../../core/errors.ts'
import { readError } from '../../core/files.ts'

/**
 * One `KEY=FILE` of `--set-file`: the key, and what is in the file (`-` is stdin) without its last line end. `how` is the
 * command up to it, for hints.
 */
export async function readSetting(
  setting: string,
  how = 'ddalab init --set-file',
): Promise<{ readonly key: string; readonly value: string }> {
  const equals = setting.indexOf('=')
  const key = setting.slice(0, equals)
  const file = setting.slice(equals + 1)
  if (equals < 1 || file === '') {
    throw new DdalabError('USAGE', 'A value from a file is given as KEY=FILE.', {
      hint: `For example: ${how} ${equals < 1 ? 'KEY' : key}=secret.txt`,
    })
  }
  const value = file === '-' ? await standardInput(key, `${how} ${key}=-`) : await content(file)
  return { key, value: value.replace(/\r?\n$/, '') }
}

/** Stdin can be read once. */
export function refuseTwoReaders(answers: string | undefined, settings: readonly string[]): void {
  const readers = [answers, ...settings.map((setting) => setting.slice(setting.indexOf('=') + 1))]
  if (readers.filter((file) => file === '-').length < 2) return
  throw new DdalabError('USAGE', 'Only one of --answers and --set-file can be read from stdin (-).', {
    hint: 'Give the others as files, or all secrets in one file of answers.',
  })
}

/** The answers in the file of `--answers`, or on stdin (`-`). Errors: FILE_NOT_READABLE, CONFIG_UNREADABLE, CONFIG_INVALID. */
export async function readAnswers(file: string): Promise<GivenAnswers> {
  const { parseAnswers } = await import('../../core/config/index.ts')
  if (file === '-') return parseAnswers(await standardInput('--answers', 'ddalab init --answers -'), 'stdin')
  const given = parseAnswers(await content(file), file)
  const { mode } = await stat(file)
  const isExposed = process.platform !== 'win32' && (mode & 0o044) !== 0
  return { ...given, ...(isExposed && { exposedIn: file }) }
}

async function content(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw readError(thrown, file)
  }
}

/** What is piped in. On a terminal a secret would be seen while it is typed. */
function standardInput(what: string, command: string): Promise<string> {
  if (!process.stdin.isTTY) return text(process.stdin)
  throw new DdalabError('USAGE', `${what} is to be read from stdin, which is this terminal.`, {
    hint: `Pipe it in: pass show lab | ${command}`,
  })
}
