import { type CST, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { afterLine, lineStart } from './lines.ts'

/** A place for a value in the text. Offsets; `start` to `end` is the value with its anchor and tag, empty when none is written. */
export interface Slot {
  readonly node: Node | null
  /** Right behind the `:`, `-`, `,` or `[` before the value; undefined when a key stands without colon. */
  readonly open: number | undefined
  readonly start: number
  readonly end: number
  /** Right behind the anchor and tag; without them the same as `open`. */
  readonly propertiesEnd: number
  /** Where the keys or dashes of the surrounding collection start; -1 for the root. */
  readonly column: number
  /** Inside brackets. */
  readonly flow: boolean
  /** An item of a list. */
  readonly item: boolean
}

/** A key with its value, or an item of a list. */
export interface Entry {
  /** The name of the key; undefined for an item. */
  readonly key: string | undefined
  /** Where it starts: at its `?`, `-`, anchor or key; of an item of a flow list at its value. */
  readonly start: number
  /** Inside brackets: the offset of the comma behind it. */
  readonly comma: number | undefined
  readonly slot: Slot
}

/** The entries of a map or list node in the order of the text. */
export function entriesOf(node: Node, text: string): readonly Entry[] {
  if (!(isMap(node) || isSeq(node))) return []
  const tokens = itemTokens(node)
  return node.items.map((_, index) => entryAt(node, index, tokens, text))
}

/** Where a value starts, without its anchor and tag. */
export function contentStart(node: Node, text: string): number | undefined {
  if (isFlow(node) || !(isMap(node) || isSeq(node)) || node.items.length === 0) return node.range?.[0]
  return entryAt(node, 0, itemTokens(node), text).start
}

/** Where a value ends, without what may follow on its line (a block of text: with its last line end); undefined for one that is not written. */
export function contentEnd(node: Node | null, text: string): number | undefined {
  if (node?.range == null) return undefined
  const [start, end] = node.range
  if (node.srcToken?.type === 'block-scalar') return Math.max(end, afterLine(text, end))
  if (isFlow(node) || !(isMap(node) || isSeq(node))) return end > start ? end : undefined
  return node.items.length === 0 ? undefined : entryAt(node, node.items.length - 1, itemTokens(node), text).slot.end
}

/** True for a value with a `|+` or `>+` block in it, or one without text: blank lines below such a block are a part of it. */
export function keepsBlankLines(node: Node | null): boolean {
  if (isMap(node)) return node.items.some(({ value }) => keepsBlankLines(asNode(value)))
  if (isSeq(node)) return node.items.some((item) => keepsBlankLines(asNode(item)))
  if (node?.srcToken?.type !== 'block-scalar') return false
  const { props, source } = node.srcToken
  return source.trim() === '' || props.some((prop) => prop.type === 'block-scalar-header' && prop.source.includes('+'))
}

/** The value with which a value ends. */
export function lastLeaf(node: Node | null): Node | null {
  if (isMap(node) && node.items.length > 0) return lastLeaf(asNode(node.items.at(-1)?.value))
  return isSeq(node) && node.items.length > 0 ? lastLeaf(asNode(node.items.at(-1))) : node
}

/** A collection in brackets. */
export function isFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true
}

type Item = CST.CollectionItem
type Collection = Node & { readonly items: readonly unknown[] }

function entryAt(node: Collection, index: number, tokens: readonly Item[], text: string): Entry {
  const item = node.items[index]
  const flow = isFlow(node)
  const comma = flow ? tokens[index + 1]?.start.find(({ type }) => type === 'comma')?.offset : undefined
  return isPair(item)
    ? { ...pairEntry(item, text, flow), comma }
    : { ...itemEntry(node, asNode(item), tokens[index]?.start ?? [], text), comma }
}

function pairEntry(pair: Pair, text: string, flow: boolean): Omit<Entry, 'comma'> {
  const keyNode = asNode(pair.key)
  const { start: before = [], sep = [] } = pair.srcToken ?? {}
  const start = firstOf(before) ?? keyNode?.range?.[0] ?? firstOf(sep) ?? 0
  const key = isScalar(keyNode) ? (keyNode.source ?? String(keyNode.value)) : ''
  const colon = sep.findIndex(({ type }) => type === 'map-value-ind')
  const open = endOf(sep[colon])
  const column = start - lineStart(text, start)
  const value = written(asNode(pair.value), sep.slice(colon + 1), open ?? keyNode?.range?.[1] ?? start, text)
  return { key, start, slot: { ...value, open, column, flow, item: false } }
}

function itemEntry(
  list: Node,
  node: Node | null,
  before: readonly CST.SourceToken[],
  text: string,
): Omit<Entry, 'comma'> {
  const flow = isFlow(list)
  const mark = before.findIndex(({ type }) => type === (flow ? 'comma' : 'seq-item-ind'))
  const open = endOf(before[mark]) ?? (list.range?.[0] ?? 0) + 1
  const value = written(node, before.slice(mark + 1), open, text)
  const start = flow ? value.start : (before[mark]?.offset ?? value.start)
  return { key: undefined, start, slot: { ...value, open, column: start - lineStart(text, start), flow, item: true } }
}

/** The value with its properties, which are among the tokens before it. */
function written(node: Node | null, before: readonly CST.SourceToken[], empty: number, text: string) {
  const properties = before.filter(({ type }) => type === 'anchor' || type === 'tag')
  const end = contentEnd(node, text)
  const first = node === null || end === undefined ? empty : (contentStart(node, text) ?? empty)
  const propertiesEnd = endOf(properties.at(-1)) ?? empty
  return { node, start: properties[0]?.offset ?? first, end: end ?? propertiesEnd, propertiesEnd }
}

/** The tokens of the items of a collection, in brackets also one that holds a last comma only. */
function itemTokens(node: Node): readonly Item[] {
  const token = node.srcToken
  if (token === undefined || !('items' in token)) return []
  return token.type === 'block-seq'
    ? token.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'))
    : token.items
}

function firstOf(tokens: readonly CST.SourceToken[]): number | undefined {
  return tokens.find(({ type }) => ['explicit-key-ind', 'anchor', 'tag'].includes(type))?.offset
}

function endOf(token: CST.SourceToken | undefined): number | undefined {
  return token === undefined ? undefined : token.offset + token.source.length
}

function isPair(item: unknown): item is Pair {
  return asNode(item) === null && item instanceof Object && 'key' in item
}

function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : null
}
