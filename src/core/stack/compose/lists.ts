import type { Lookup } from '../interpolate.ts'
import type { Cursor } from './cursor.ts'

/** A list of texts. */
export function readTexts(cursor: Cursor): readonly string[] {
  return cursor.items().flatMap((item) => item.text() ?? [])
}

/** One text or a list of texts. */
export function readTextOrTexts(cursor: Cursor): readonly string[] {
  if (cursor.isList) return readTexts(cursor)
  const text = cursor.text()
  return text === undefined ? [] : [text]
}

/** `{NAME: value}` or `[NAME=value]`; undefined for a name without `=` or with an empty value (YAML null). */
export function readPairs(cursor: Cursor, separator = '='): readonly (readonly [string, string | undefined])[] {
  if (!cursor.isList) return cursor.entries().map(([name, value]) => [name, value.text()] as const)
  return readTexts(cursor).map((line) => {
    const position = line.indexOf(separator)
    return position === -1 ? [line, undefined] : [line.slice(0, position), line.slice(position + separator.length)]
  })
}

/** Labels, options: a name without a value is empty. */
export function readTable(cursor: Cursor): { readonly [name: string]: string } {
  return Object.fromEntries(readPairs(cursor).map(([name, value]) => [name, value ?? '']))
}

/** Environment: a name without a value takes that of the surroundings, and is dropped where these have none. */
export function readEnvironment(cursor: Cursor, lookup: Lookup): { readonly [name: string]: string } {
  return Object.fromEntries(
    readPairs(cursor).flatMap(([name, value]) => {
      const resolved = value ?? lookup(name)
      return resolved === undefined ? [] : [[name, resolved] as const]
    }),
  )
}

/** `command` and `entrypoint`: a list, or a line that is split as a shell would, without expansion. Undefined when absent. */
export function readCommand(cursor: Cursor): readonly string[] | undefined {
  if (!cursor.present) return undefined
  if (cursor.isList) return readTexts(cursor)
  const line = cursor.text()
  if (line === undefined) return undefined
  return splitWords(line) ?? cursor.expected('a command with closed quotes')
}

/** Words of a command line by the quoting rules of a POSIX shell; undefined when a quote stays open. */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? ''
    if (quote === "'") {
      if (character === "'") quote = ''
      else word = (word ?? '') + character
    } else if (character === '\\' && index + 1 < line.length) {
      const next = line[++index] ?? ''
      const kept = quote === '"' && !['"', '\\', '$', '`', '\n'].includes(next) ? '\\' : ''
      word = (word ?? '') + (next === '\n' ? '' : kept + next)
    } else if (quote === '"') {
      if (character === '"') quote = ''
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + character
    }
  }
  if (quote !== '') return undefined
  return word === undefined ? words : [...words, word]
}
