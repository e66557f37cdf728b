import { isTree } from '../path.ts'
import { fitsLiteral, type Style, scalarText } from './scalar.ts'

/** How new lines are written in a file: its line end and the spaces of one level. */
export interface Manner {
  readonly eol: string
  readonly step: number
}

/** A value as text: what stands behind `key:`, and the whole lines below it, each with its line end. */
export interface Rendered {
  readonly head: string
  readonly body: string
}

/** A value of a block section whose keys start at `column`; the body is indented one step more. */
export function renderBlock(value: unknown, column: number, manner: Manner, style: Style = 'plain'): Rendered {
  const inner = column < 0 ? 0 : column + manner.step
  if (Array.isArray(value) && value.length > 0) {
    return { head: '', body: value.map((item) => itemLines(item, inner, manner)).join('') }
  }
  if (isTree(value) && Object.keys(value).length > 0) return { head: '', body: entriesLines(value, inner, manner) }
  if (typeof value === 'string' && style === 'plain' && column >= 0 && fitsLiteral(value)) {
    return literal(value, inner, manner)
  }
  return { head: renderFlow(value, style, false), body: '' }
}

/** A value on one line. */
export function renderFlow(value: unknown, style: Style = 'plain', flow = true): string {
  if (Array.isArray(value)) return `[${value.map((item) => renderFlow(item)).join(', ')}]`
  if (isTree(value)) return `{${Object.entries(value).map(flowEntry).join(', ')}}`
  return scalarText(value, style, flow)
}

export function flowEntry([key, value]: readonly [string, unknown]): string {
  return `${keyText(key, true)}: ${renderFlow(value)}`
}

/** The lines `key: value` of a block section whose keys start at `column`. */
export function entryLines(key: string, value: unknown, column: number, manner: Manner): string {
  const { head, body } = renderBlock(value, column, manner)
  return `${' '.repeat(column)}${keyText(key, false)}:${head === '' ? '' : ` ${head}`}${manner.eol}${body}`
}

/** The lines `- value` of a list whose dashes start at `column`; a section or list in it starts behind the dash. */
export function itemLines(value: unknown, column: number, manner: Manner): string {
  const dash = `${' '.repeat(column)}- `
  if (isTree(value) && Object.keys(value).length > 0) {
    return dash + entriesLines(value, column + 2, manner).slice(column + 2)
  }
  if (Array.isArray(value) && value.length > 0) {
    return (
      dash +
      value
        .map((item) => itemLines(item, column + 2, manner))
        .join('')
        .slice(column + 2)
    )
  }
  const { head, body } = renderBlock(value, column, manner)
  return `${dash}${head}${manner.eol}${body}`
}

function entriesLines(tree: { readonly [key: string]: unknown }, column: number, manner: Manner): string {
  return Object.entries(tree)
    .map(([key, value]) => entryLines(key, value, column, manner))
    .join('')
}

function keyText(key: string, flow: boolean): string {
  return scalarText(key, 'plain', flow)
}

function literal(text: string, column: number, { eol }: Manner): Rendered {
  const content = text.endsWith('\n') ? text.slice(0, -1) : text
  const lines = content.split('\n').map((line) => (line === '' ? eol : `${' '.repeat(column)}${line}${eol}`))
  return { head: text.endsWith('\n') ? '|' : '|-', body: lines.join('') }
}
