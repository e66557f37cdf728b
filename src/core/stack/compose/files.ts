import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Lookup } from '../interpolate.ts'
import type { FileReference, FileSource } from '../model.ts'
import type { Cursor } from './cursor.ts'
import type { ReadFile } from './env-files.ts'
import { readExternal } from './networks.ts'
import { type Base, resolvePath } from './paths.ts'

/** Where a service finds a `config` or `secret` that names no target, or a relative one. */
export type FileKind = 'config' | 'secret'

/** `configs` or `secrets` of a service, short and long form. */
export function readFileReferences(cursor: Cursor, kind: FileKind): readonly FileReference[] {
  return cursor.items().flatMap((item) => {
    if (!item.isMap) {
      const source = item.text()
      return source === undefined ? [] : [{ source, target: targetPath(kind, source) }]
    }
    item.onlyKeys(['source', 'target', 'uid', 'gid', 'mode'])
    const source = item.get('source').text()
    if (source === undefined) {
      item.expected(`a ${kind} with a source`)
      return []
    }
    const uid = item.get('uid').text()
    const gid = item.get('gid').text()
    const mode = readMode(item.get('mode'))
    return [
      {
        source,
        target: targetPath(kind, item.get('target').text() ?? source),
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
        ...(mode !== undefined && { mode }),
      },
    ]
  })
}

function targetPath(kind: FileKind, target: string): string {
  return posix.resolve(kind === 'secret' ? '/run/secrets' : '/', target)
}

/** A number as YAML reads it (`0440` is octal), or a text, which is octal too. */
function readMode(cursor: Cursor): number | undefined {
  if (typeof cursor.value !== 'string') return cursor.integer()
  return /^0?o?[0-7]+$/.test(cursor.value)
    ? Number.parseInt(cursor.value.replace('o', ''), 8)
    : cursor.expected('a file mode such as 0440')
}

export interface FileContext {
  readonly project: string
  readonly base: Base
  readonly lookup: Lookup
  readonly readFile: ReadFile
}

/** One entry of the file's `configs` or `secrets`; empty, with a complaint, when it has no source that we can read. */
export function readFileSource(
  cursor: Cursor,
  key: string,
  kind: FileKind,
  { project, base, lookup, readFile }: FileContext,
): FileSource {
  cursor.onlyKeys(['name', 'file', 'content', 'environment', 'external', 'labels', 'driver', 'template_driver'])
  const name = cursor.get('name').text() ?? `${project}_${key}`
  const file = cursor.get('file').text()
  if (file !== undefined) return onHost(name, resolvePath(file, base), readFile)
  const content = cursor.get('content').text()
  if (content !== undefined && kind === 'config') return { name, content }
  const variable = cursor.get('environment').text()
  const value = variable === undefined ? undefined : lookup(variable)
  if (variable !== undefined && value !== undefined) return { name, content: value, variable }
  if (variable !== undefined) {
    cursor.get('environment').error(`${cursor.name}: the variable ${variable} is not set`, `Give ${variable} a value.`)
  } else if (readExternal(cursor.get('external')).is) {
    cursor
      .get('external')
      .error(`${cursor.name} is external, which only a swarm has`, 'Name a file or write the content.')
  } else {
    cursor.expected(
      kind === 'config' ? 'a section with file, content or environment' : 'a section with file or environment',
    )
  }
  return { name, content: '' }
}

function onHost(name: string, file: string, readFile: ReadFile): FileSource {
  const content = readFile(file)
  if (content === undefined) return { name, file }
  return { name, file, sha256: createHash('sha256').update(content).digest('hex') }
}
