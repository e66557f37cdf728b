import { isTree } from '../path.ts'
import { fitsLiteral, type Style, scalarText } from './scalar.ts'

/** How new lines are written at a place of a file. */
export interface Manner {
  readonly eol: string
  /** The spaces of one level. */
  readonly step: number
  /** Whether texts of many lines may be `|` blocks: nothing that follows would be read as a part of them. */
  readonly literals: boolean
}

/** A value as text: what stands behind `key:`, and the whole lines below it, each with its line end. */
export interface Rendered {
  readonly head: string
  readonly body: string
}

/** A value of a block section whose keys start at `column` (-1 for the root); the body is indented one step more. */
export function renderBlock(value: unknown, column: number, manner: Manner, style: Style = 'plain'): Rendered {
  const inner = column < 0 ? 0 : column + manner.step
  if (Array.isArray(value) && value.length > 0) return { head: '', body: itemsLines(value, inner, manner) }
  if (isTree(value) && Object.keys(value).length > 0) return { head: '', body: entriesLines(value, inner, manner) }
  if (typeof value === 'string' && style === 'plain' && manner.literals && inner > 0 && fitsLiteral(value)) {
    return literal(value, inner, manner)
  }
  return { head: renderFlow(value, style, false), body: '' }
}

/** A value on one line; inside brackets some characters more need quotes. */
export function renderFlow(value: unknown, style: Style = 'plain', inBrackets = true): string {
  if (Array.isArray(value)) return `[${value.map((item) => renderFlow(item)).join(', ')}]`
  if (isTree(value))
    return `{${Object.entries(value)
      .map(([key, child]) => flowEntry(key, child))
      .join(', ')}}`
  return scalarText(value, style, inBrackets)
}

export function flowEntry(key: string, value: unknown): string {
  return `${scalarText(key, 'plain', true)}: ${renderFlow(value)}`
}

/** The lines `key: value` of a block section whose keys start at `column`. */
export function entryLines(key: string, value: unknown, column: number, manner: Manner): string {
  const { head, body } = renderBlock(value, column, manner)
  const start = `${' '.repeat(column)}${scalarText(key, 'plain', false)}:`
  return `${start}${head === '' ? '' : ` ${head}`}${manner.eol}${body}`
}

/** The lines `- value` of a list whose dashes start at `column`; a section or list in it starts behind the dash. */
export function itemLines(value: unknown, column: number, manner: Manner): string {
  const { head, body } = renderItem(value, column, column + 2, manner)
  return `${' '.repeat(column)}- ${head}${manner.eol}${body}`
}

/** An item without its dash, which is at `column`; the item itself starts at `inner`. */
export function renderItem(
  value: unknown,
  column: number,
  inner: number,
  manner: Manner,
  style: Style = 'plain',
): Rendered {
  const lines = Array.isArray(value)
    ? itemsLines(value, inner, manner)
    : isTree(value)
      ? entriesLines(value, inner, manner)
      : ''
  if (lines === '') return renderBlock(value, column, manner, style)
  const first = lines.indexOf(manner.eol)
  return { head: lines.slice(inner, first), body: lines.slice(first + manner.eol.length) }
}

function itemsLines(items: readonly unknown[], column: number, manner: Manner): string {
  return items.map((item) => itemLines(item, column, manner)).join('')
}

function entriesLines(tree: { readonly [key: string]: unknown }, column: number, manner: Manner): string {
  return Object.entries(tree)
    .map(([key, value]) => entryLines(key, value, column, manner))
    .join('')
}

function literal(text: string, column: number, { eol }: Manner): Rendered {
  const content = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = content.split('\n').map((line) => (line === '' ? eol : `${' '.repeat(column)}${line}${eol}`))
  return { head: text.endsWith('\n') ? '|' : '|-', body: lines.join('') }
}
