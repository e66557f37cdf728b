import type { Path } from '../path.ts'
import type { Side } from './side.ts'

/** What stands in place of a value. */
export type Placeholder = (path: Path) => string

const HIDDEN = '(secret)'
const UNREADABLE = '(not shown: this text cannot be read)'
/** Shorter texts are words of the language, and masking them would hide the text (see redact.ts). */
const SHORTEST = 4

interface Part {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text with a placeholder for every secret, without the section `sops`, with as many lines as before. Undefined when it
 * is not known for each secret where it is written.
 */
export function maskText(side: Side, placeholder: Placeholder, values: readonly string[]): string | undefined {
  const { document, secrets } = side
  if (document === undefined) return undefined
  const parts: Part[] = []
  const section = sectionPart(side)
  if (section !== undefined) parts.push(section)
  const elsewhere: string[] = []
  for (const { path, value } of secrets.values()) {
    const span = document.span(path)
    if (span !== undefined) {
      const [start, end] = span.value
      parts.push({ start, end, text: cover(document.text.slice(start, end), placeholder(path)) })
    } else if (typeof value === 'string' && document.text.includes(value)) elsewhere.push(value)
    else return undefined
  }
  const hide = scrubber([...values, ...elsewhere])
  let masked = ''
  let done = 0
  for (const { start, end, text } of parts.toSorted((a, b) => a.start - b.start)) {
    masked += hide(document.text.slice(done, start)) + text
    done = end
  }
  return masked + hide(document.text.slice(done))
}

/** A text that cannot be read: those of its lines that also the other one has, which is masked. */
export function onlyKnownLines(text: string, safe: string): string {
  const known = new Set(['', ...safe.split('\n')])
  return text
    .split('\n')
    .map((line) => (known.has(line) ? line : UNREADABLE))
    .join('\n')
}

/** The texts among the secrets that are masked wherever they stand. */
export function secretTexts(...sides: readonly Side[]): readonly string[] {
  const values = sides.flatMap(({ secrets }) => [...secrets.values()].map(({ value }) => value))
  return values.filter((value) => typeof value === 'string').filter((value) => value.length >= SHORTEST)
}

const ENCRYPTED = /ENC\[AES256_GCM,[^\]\n]*\]?/g
/** `# password: hunter2`, what is left of a line that somebody took out. */
const COMMENTED = /((?:^|\s)#.*?(?:pass|secret|token|key)[\w-]*"?\s*[:=]\s*)\S.*$/gim

function scrubber(values: readonly string[]): (text: string) => string {
  const longest = [...new Set(values)].toSorted((a, b) => b.length - a.length)
  return (text) =>
    longest
      .reduce((masked, value) => masked.replaceAll(value, HIDDEN), text)
      .replace(ENCRYPTED, HIDDEN)
      .replace(COMMENTED, `$1${HIDDEN}`)
}

/** As many lines as the value has, so that the numbers of those below stay right. */
function cover(written: string, placeholder: string): string {
  return written
    .split('\n')
    .map((line, index) => (index === 0 ? placeholder : line.trim() === '' ? '' : line.replace(/\S.*$/, HIDDEN)))
    .join('\n')
}

function sectionPart({ document }: Side): Part | undefined {
  const span = document?.span(['sops'])
  if (document === undefined || span?.key === undefined) return undefined
  const [, end] = span.value
  const isBlock = span.key === 0 || document.text[span.key - 1] === '\n'
  if (!isBlock) return { start: span.value[0], end, text: '(left out)' }
  const newline = document.text[end - 1] === '\n' ? end - 1 : document.text.indexOf('\n', end)
  return { start: span.key, end: newline < 0 ? document.text.length : newline + 1, text: '' }
}
