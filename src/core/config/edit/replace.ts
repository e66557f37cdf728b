import { isMap, isScalar, isSeq } from 'yaml'
import { afterLine, endsBlocks, extentEnd, lineAfter, lineEnd, lineStart, startsLine } from './lines.ts'
import { type Manner, type Rendered, renderBlock, renderFlow, renderItem } from './render.ts'
import type { Style } from './scalar.ts'
import { contentStart, isFlow, type Slot } from './slot.ts'
import { insertion, removal, type Splice } from './splice.ts'

/** Writes another value at the slot: with the same quotes or brackets where they fit; the comment behind it stays. */
export function replaced(slot: Slot, value: unknown, text: string, manner: Manner): readonly Splice[] {
  if (slot.flow) return replacedInFlow(slot, value)
  const region = regionOf(slot, text)
  const [, bodyEnd] = region.body
  const here = { ...manner, literals: manner.literals && endsBlocks(text, bodyEnd, slot.column) }
  const { head, body } = slot.item
    ? renderedItem(slot, value, region, text, here)
    : (inBrackets(slot, value) ?? renderBlock(value, slot.column, here, styleOf(slot.node)))
  if (slot.open === undefined) {
    const line = `${' '.repeat(slot.column)}:${head === '' ? '' : ` ${head}`}${manner.eol}${body}`
    return [insertion(afterLine(text, slot.end), line)]
  }
  return [...headSplices(region.head, head, text), ...bodySplices(region.body, head, body, slot, text)]
}

function replacedInFlow({ node, open, start, end }: Slot, value: unknown): readonly Splice[] {
  const inline = renderFlow(value, styleOf(node))
  if (open === undefined) return [insertion(end, `: ${inline}`)]
  return [start === end ? insertion(start, ` ${inline}`) : { start, end, text: inline }]
}

/** Brackets stay brackets. */
function inBrackets({ node }: Slot, value: unknown): Rendered | undefined {
  const present = (isMap(node) || isSeq(node)) && isFlow(node) && node.items.length > 0
  return present && typeof value === 'object' ? { head: renderFlow(value), body: '' } : undefined
}

function renderedItem(slot: Slot, value: unknown, { head }: Region, text: string, manner: Manner): Rendered {
  const [start, end] = head
  const line = lineStart(text, start)
  // Behind a tab nothing can be aligned.
  if (text.slice(line, start).includes('\t')) return { head: renderFlow(value, styleOf(slot.node), false), body: '' }
  const inner = start - line + (start === end ? 1 : 0)
  return inBrackets(slot, value) ?? renderItem(value, slot.column, inner, manner, styleOf(slot.node))
}

function styleOf(node: Slot['node']): Style {
  if (!isScalar(node)) return 'plain'
  return node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain'
}

type Range = readonly [start: number, end: number]

/** What a value has on the line of its key (or on lines of its own, up to its end), and the whole lines below. */
interface Region {
  readonly head: Range
  readonly body: Range
}

function regionOf({ node, start, end, propertiesEnd, column }: Slot, text: string): Region {
  const after = afterLine(text, end)
  const inline: Region = { head: [start, end], body: [after, after] }
  if (node === null) return inline
  if (isScalar(node) && node.srcToken?.type === 'block-scalar') {
    const headEnd = endOfHeader(node.srcToken.props) ?? end
    const below = lineAfter(text, headEnd)
    return { head: [start, headEnd], body: [below, Math.max(below, end)] }
  }
  if (!(isMap(node) || isSeq(node)) || isFlow(node)) return inline
  const below = lineAfter(text, propertiesEnd)
  const extent = extentEnd(text, end, column)
  if ((contentStart(node, text) ?? below) >= below) {
    return { head: [Math.min(start, propertiesEnd), propertiesEnd], body: [below, extent] }
  }
  return { head: [start, lineEnd(text, extent)], body: [extent, extent] }
}

function endOfHeader(props: readonly { readonly type: string; readonly offset: number }[]): number | undefined {
  const header = props.find(({ type }) => type === 'block-scalar-header')
  if (header === undefined || !('source' in header) || typeof header.source !== 'string') return undefined
  return header.offset + header.source.length
}

function headSplices([start, end]: Range, head: string, text: string): readonly Splice[] {
  if (start === end) return head === '' ? [] : [insertion(start, ` ${head}`)]
  if (head !== '') return [{ start, end, text: head }]
  const line = lineStart(text, start)
  if (!startsLine(text, start)) return [removal(line + text.slice(line, start).trimEnd().length, end)]
  const comment = text.slice(end, lineAfter(text, end)).search(/\S/)
  return [comment === -1 ? removal(line, lineAfter(text, end)) : removal(start, end + comment)]
}

/** The lines of a new section come after comments that stand in the place of its keys, those of a text directly below. */
function bodySplices([start, end]: Range, head: string, body: string, slot: Slot, text: string): readonly Splice[] {
  if (start < end) return [{ start, end, text: body }]
  if (body === '') return []
  return [insertion(head === '' ? extentEnd(text, slot.end, slot.column) : start, body)]
}
