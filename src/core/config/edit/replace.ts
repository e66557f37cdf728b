import { isMap, isScalar, isSeq } from 'yaml'
import { afterLine, extentEnd } from './lines.ts'
import { itemLines, type Manner, type Rendered, renderBlock, renderFlow } from './render.ts'
import type { Style } from './scalar.ts'
import { isFlow, lineAfter, lineStart, type Slot } from './slot.ts'
import { insertion, type Splice } from './splice.ts'

/** What the value at a slot has on the line of its key, and on whole lines below. */
interface Region {
  readonly head: readonly [start: number, end: number]
  readonly body: readonly [start: number, end: number]
}

/** Writes another value at the slot: with the same quotes where they fit, the comment behind it stays. */
export function replaced(slot: Slot, value: unknown, text: string, manner: Manner): readonly Splice[] {
  if (slot.flow) return replacedInFlow(slot, value)
  const { head, body } = rendered(slot, value, text, manner)
  if (slot.open === undefined) {
    const line = `${' '.repeat(slot.column)}:${head === '' ? '' : ` ${head}`}${manner.eol}${body}`
    return [insertion(afterLine(text, slot.end), line)]
  }
  const region = regionOf(slot, text)
  const lines =
    region.body[0] === region.body[1] && body === '' ? [] : [{ start: region.body[0], end: region.body[1], text: body }]
  return [...headSplices(region.head, head, text), ...lines]
}

function replacedInFlow({ node, open, start, end }: Slot, value: unknown): readonly Splice[] {
  const inline = renderFlow(value, styleOf(node))
  if (open === undefined) return [insertion(end, `: ${inline}`)]
  return [start === end ? insertion(start, ` ${inline}`) : { start, end, text: inline }]
}

function rendered(slot: Slot, value: unknown, text: string, manner: Manner): Rendered {
  if (slot.item && typeof value === 'object') {
    const lines = itemLines(value, slot.column, manner).slice(slot.column + 2)
    const first = lines.indexOf(manner.eol)
    return { head: lines.slice(0, first), body: lines.slice(first + manner.eol.length) }
  }
  const style = styleOf(slot.node)
  const after = afterLine(text, slot.end)
  const comments = extentEnd(text, slot.end, slot.column) > after
  return renderBlock(value, slot.column, manner, comments && style === 'plain' ? 'double' : style)
}

function styleOf(node: Slot['node']): Style {
  if (!isScalar(node)) return 'plain'
  return node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain'
}

function regionOf({ node, start, end, propertiesEnd, column }: Slot, text: string): Region {
  const inline: Region = { head: [start, end], body: [afterLine(text, end), afterLine(text, end)] }
  if (node?.range == null) return inline
  if (isScalar(node) && node.srcToken?.type === 'block-scalar') {
    const header = node.srcToken.props.find(({ type }) => type === 'block-scalar-header')
    const length = header !== undefined && 'source' in header ? header.source.length : 1
    const headEnd = node.range[0] + length
    const below = lineAfter(text, headEnd)
    return { head: [start, headEnd], body: [below, Math.max(below, end)] }
  }
  if (!(isMap(node) || isSeq(node)) || isFlow(node)) return inline
  const below = lineAfter(text, propertiesEnd)
  const extent = extentEnd(text, end, column)
  if (node.range[0] >= below) return { head: [Math.min(start, propertiesEnd), propertiesEnd], body: [below, extent] }
  const lineEnd = text.slice(0, extent).replace(/\r?\n$/, '').length
  return { head: [start, lineEnd], body: [extent, extent] }
}

function headSplices([start, end]: readonly [number, number], head: string, text: string): readonly Splice[] {
  if (start === end) return head === '' ? [] : [insertion(start, ` ${head}`)]
  if (head !== '') return [{ start, end, text: head }]
  const line = lineStart(text, start)
  const before = text.slice(line, start)
  if (before.trim() !== '') return [{ start: line + before.trimEnd().length, end, text: '' }]
  const rest = text.slice(end, lineAfter(text, end))
  return rest.trim() === ''
    ? [{ start: line, end: lineAfter(text, end), text: '' }]
    : [{ start, end: end + rest.search(/\S/), text: '' }]
}
