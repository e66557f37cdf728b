import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { DdalabError } from '../../core/errors.ts'
import { readError } from '../../core/files.ts'

/** One `KEY=FILE` of `--set-file`: the key, and what is in the file (`-` is stdin) without its last line end. */
export async function readSetting(setting: string): Promise<{ readonly key: string; readonly value: string }> {
  const equals = setting.indexOf('=')
  const key = setting.slice(0, equals)
  const file = setting.slice(equals + 1)
  if (equals < 1 || file === '') {
    throw new DdalabError('USAGE', 'A setting from a file is given as KEY=FILE.', {
      hint: 'For example: --set-file database.password=password.txt',
    })
  }
  const value = file === '-' ? await standardInput(key) : await content(file)
  return { key, value: value.replace(/\r?\n$/, '') }
}

async function content(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw readError(thrown, file)
  }
}

/** What is piped in. On a terminal a secret would be seen while it is typed. */
function standardInput(key: string): Promise<string> {
  if (!process.stdin.isTTY) return text(process.stdin)
  throw new DdalabError('USAGE', `${key} is to be read from stdin, which is this terminal.`, {
    hint: `Pipe it in: pass show lab | ddalab init --set-file ${key}=-`,
  })
}
