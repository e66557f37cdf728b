/** How a text is written: quoting that a reader of the file sees. */
export type Style = 'plain' | 'single' | 'double'

/** What is neither printable nor safe in an editor; written as an escape. Line feeds are among it. */
const UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u
const ESCAPED = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

/** Plain texts that YAML 1.2 (core) or 1.1 readers take for something else: null, booleans, numbers, dates, merges. */
const OTHER_TYPE = [
  /^(?:~|null|true|false|y|yes|n|no|on|off|=|<<)$/i,
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)$/i,
  /^[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?$/i,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/,
]

/** A value without children, in the wished style where it allows it; in flow also `,[]{}` need quotes. */
export function scalarText(value: unknown, style: Style, flow: boolean): string {
  if (typeof value === 'string') return stringText(value, style, flow)
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '.nan'
    if (Object.is(value, -0)) return '-0'
    return Number.isFinite(value) ? String(value) : value < 0 ? '-.inf' : '.inf'
  }
  return String(value)
}

function stringText(text: string, style: Style, flow: boolean): string {
  if (style === 'double' || UNPRINTABLE.test(text)) return doubleQuoted(text)
  return style === 'plain' && plainMeansText(text, flow) ? text : `'${text.replaceAll("'", "''")}'`
}

/** JSON's escapes are YAML's. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function plainMeansText(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || UNPRINTABLE.test(text)) return false
  if (/^[,[\]{}#&*!|>'"%@`]|^[-?:](?:$|[\s,[\]{}])|^(?:---|\.\.\.)|: |:$| #/.test(text)) return false
  if (flow && /[,[\]{}]|^[-?:]|:[,[\]{}]/.test(text)) return false
  return !OTHER_TYPE.some((pattern) => pattern.test(text))
}

/** True when the text can stand as a `|` block: many lines, none of which needs an escape or an indentation of its own. */
export function fitsLiteral(text: string): boolean {
  const content = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = content.split('\n')
  return (
    text.includes('\n') &&
    /^[^\s]/.test(lines[0] ?? '') &&
    /\S/.test(lines.at(-1) ?? '') &&
    !lines.some((line) => UNPRINTABLE.test(line.replaceAll('\t', ' ')))
  )
}
