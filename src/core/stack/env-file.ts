import { DdalabError } from '../errors.ts'
import { describeFailure, interpolate, type Lookup } from './interpolate.ts'

/**
 * Env files as Compose reads them: comments, `export`, `NAME=value` and `NAME: value`, three kinds of quoting,
 * values over several lines, escapes and variables in unquoted and double-quoted values. The `dotenv` package of npm
 * has other rules. A bare `NAME` takes its value from `lookup`.
 */
export interface EnvFileOptions {
  /** For the place of an error. */
  readonly file: string
  /** Values from outside; they win over earlier ones of the file, as in Compose. */
  readonly lookup?: Lookup
}

/** Names and values in the file's order; the last of two equal names wins. INTERPOLATION_FAILED or CONFIG_UNREADABLE with the place. */
export function parseEnvFile(text: string, options: EnvFileOptions): Map<string, string> {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const lookup = options.lookup ?? (() => undefined)
  const values = new Map<string, string>()
  let position = 0

  for (;;) {
    position = statementStart(source, position)
    if (position >= source.length) return values
    const line = lineAt(source, position)
    const key = readKey(source, position)
    if ('unexpected' in key) throw unreadable(`unexpected character ${JSON.stringify(key.unexpected)} in a name`, line)
    if (key.name.includes(' ')) throw unreadable(`the name "${key.name}" contains a space`, line)
    position = key.end
    if (key.inherited) {
      const value = lookup(key.name)
      if (value !== undefined) values.set(key.name, value)
      continue
    }
    const value = readValue(source, position)
    if (value === undefined) throw unreadable(`the quotes of ${key.name} are not closed`, line)
    position = value.end
    values.set(key.name, value.literal ? value.text : expand(value.text, line))
  }

  function expand(value: string, line: number): string {
    const result = interpolate(value, (name) => lookup(name) ?? values.get(name))
    if ('value' in result) return result.value
    const { message, hint } = describeFailure(result.failure)
    throw new DdalabError('INTERPOLATION_FAILED', `${options.file}: ${message}`, {
      hint,
      place: { file: options.file, line },
    })
  }

  function unreadable(message: string, line: number): DdalabError {
    return new DdalabError('CONFIG_UNREADABLE', `${options.file}: ${message}`, {
      hint: 'Write one NAME=value a line; a value with spaces or signs goes in single quotes.',
      place: { file: options.file, line },
    })
  }
}

const SPACE = '\\t\\v\\f\\r \\u0085\\u00a0'
const TO_STATEMENT = /(?:\s|#[^\n]*)*/y
const EXPORT = new RegExp(`export[${SPACE}\\n]+`, 'y')
const KEY = new RegExp(`[\\p{L}\\p{N}_.\\-[\\]${SPACE}]*`, 'yu')
const BLANKS = new RegExp(`[${SPACE}]*`, 'y')

/** The match of a sticky pattern at a position; '' when there is none. */
function take(pattern: RegExp, source: string, position: number): string {
  pattern.lastIndex = position
  return pattern.exec(source)?.[0] ?? ''
}

function statementStart(source: string, position: number): number {
  return position + take(TO_STATEMENT, source, position).length
}

type Key =
  | { readonly name: string; readonly inherited: boolean; readonly end: number }
  | { readonly unexpected: string }

function readKey(source: string, from: number): Key {
  const start = from + take(EXPORT, source, from).length
  const raw = take(KEY, source, start)
  const end = start + raw.length
  const separator = source[end]
  const name = raw.trimEnd()
  if (separator === undefined) return endOfFile(source, start, end)
  if (separator !== '=' && separator !== ':' && separator !== '\n') {
    return { unexpected: String.fromCodePoint(source.codePointAt(end) ?? 0) }
  }
  const after = end + 1
  return { name, inherited: separator === '\n', end: after + take(BLANKS, source, after).length }
}

/** A bare name on a last line without a line break. */
function endOfFile(source: string, start: number, end: number): Key {
  return { name: source.slice(start, end).trimEnd(), inherited: true, end }
}

interface Value {
  readonly text: string
  /** Single-quoted: taken as it stands. */
  readonly literal: boolean
  readonly end: number
}

function readValue(source: string, start: number): Value | undefined {
  const quote = source[start]
  if (quote === "'" || quote === '"') return readQuoted(source, start, quote)
  const lineEnd = source.indexOf('\n', start)
  const end = lineEnd === -1 ? source.length : lineEnd
  const [value = ''] = source.slice(start, end).split(' #', 1)
  return { text: value.trimEnd(), literal: false, end: Math.min(end + 1, source.length) }
}

function readQuoted(source: string, start: number, quote: string): Value | undefined {
  let text = ''
  for (let index = start + 1; index < source.length; index++) {
    const character = source[index]
    if (character === quote) {
      return { text: quote === '"' ? unescaped(text) : text, literal: quote === "'", end: index + 1 }
    }
    const next = source[index + 1]
    if (character !== '\\' || next === undefined) {
      text += character
      continue
    }
    // Only the quote's own escape is undone here; other pairs stay as they are.
    text += next === quote ? quote : character + next
    index++
  }
  return undefined
}

const ESCAPES: { readonly [letter: string]: string } = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Interpolation comes after and turns it into one dollar sign.
  $: '$$',
}

function unescaped(text: string): string {
  return text.replace(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (match, letter?: string, octal?: string) => {
    if (letter !== undefined) return ESCAPES[letter] ?? match
    const code = octal !== undefined && /^[0-7]{3}$/.test(octal) ? Number.parseInt(octal, 8) : 256
    return code < 256 ? String.fromCharCode(code) : match
  })
}

function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length
}

const NEEDS_NO_QUOTES = /^[A-Za-z0-9_./:@%+,=-]*$/
const FITS_SINGLE_QUOTES = /^[^'\\\r]*$/

/**
 * One `NAME=value` line that Compose reads back as the same value: bare where nothing is special, else in single
 * quotes, which keep all but `'` and `\`, else in double quotes with escapes.
 */
export function formatEnvLine(name: string, value: string): string {
  if (NEEDS_NO_QUOTES.test(value)) return `${name}=${value}\n`
  if (FITS_SINGLE_QUOTES.test(value)) return `${name}='${value}'\n`
  const escaped = value.replace(/[\\"]/g, '\\$&').replaceAll('$', '$$$$').replaceAll('\r', '\\r')
  return `${name}="${escaped}"\n`
}
