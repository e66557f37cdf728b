import { DdalabError } from '../../errors.ts'
import { parseEnvFile } from '../env-file.ts'
import type { Lookup } from '../interpolate.ts'
import type { Cursor } from './cursor.ts'
import { type Base, resolvePath } from './paths.ts'

/** The text of a file on the host, or undefined when there is none. The reader's only effect, so it is passed in. */
export type ReadFile = (absolutePath: string) => string | undefined

/** The variables of a service's `env_file`s, later files over earlier ones. */
export function readEnvFiles(
  cursor: Cursor,
  context: { readonly base: Base; readonly lookup: Lookup; readonly readFile: ReadFile },
): { readonly [name: string]: string } {
  const items = cursor.isList ? cursor.items() : cursor.present ? [cursor] : []
  return Object.assign({}, ...items.map((item) => readOne(item, context)))
}

function readOne(
  item: Cursor,
  { base, lookup, readFile }: { readonly base: Base; readonly lookup: Lookup; readonly readFile: ReadFile },
): { readonly [name: string]: string } {
  if (item.isMap) item.onlyKeys(['path', 'required', 'format'])
  const path = (item.isMap ? item.get('path') : item).text()
  if (path === undefined) {
    item.expected('a path')
    return {}
  }
  const file = resolvePath(path, base)
  const text = readFile(file)
  if (text === undefined) {
    const required = item.isMap ? (item.get('required').boolean() ?? true) : true
    if (required) item.error(`${item.name}: the file ${file} is not there`, 'Create it, or add required: false.')
    return {}
  }
  try {
    if (item.isMap && item.get('format').oneOf(['raw']) === 'raw') return rawLines(text)
    return Object.fromEntries(parseEnvFile(text, { file, lookup }))
  } catch (thrown) {
    if (!(thrown instanceof DdalabError)) throw thrown
    item.error(thrown.message, thrown.options.hint)
    return {}
  }
}

/** `format: raw`: everything after the first `=` of a line, unchanged. */
function rawLines(text: string): { readonly [name: string]: string } {
  const lines = text.split(/\r?\n/).filter((line) => line.includes('=') && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
