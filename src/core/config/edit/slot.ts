import { type CST, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'

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
  readonly slot: Slot
}

/** The entries of a map or list node in the order of the text. */
export function entriesOf(node: Node, text: string): readonly Entry[] {
  if (isMap(node)) return node.items.map((pair) => pairEntry(pair, text, isFlow(node)))
  if (!isSeq(node)) return []
  const tokens = itemTokens(node)
  return node.items.map((child, index) => itemEntry(node, asNode(child), tokens[index]?.start ?? [], text))
}

/** Where a value ends, without what may follow on its line; undefined for one that is not written. */
export function contentEnd(node: Node | null, text: string): number | undefined {
  if (node?.range == null) return undefined
  const [start, end] = node.range
  if (isFlow(node) || !(isMap(node) || isSeq(node))) return end > start ? end : undefined
  if (isSeq(node))
    return itemEntry(node, asNode(node.items.at(-1)), itemTokens(node).at(-1)?.start ?? [], text).slot.end
  const last = node.items.at(-1)
  return last === undefined ? undefined : pairEntry(last, text, false).slot.end
}

/** A collection in brackets. */
export function isFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true
}

/** Where the line starts in which the offset is. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The start of the line after the one in which the offset is; the length of the text when there is none. */
export function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

function pairEntry(pair: Pair, text: string, flow: boolean): Entry {
  const keyNode = asNode(pair.key)
  const { start: before = [], sep = [] } = pair.srcToken ?? {}
  const start = firstOf(before) ?? keyNode?.range?.[0] ?? firstOf(sep) ?? 0
  const key = isScalar(keyNode) ? (keyNode.source ?? String(keyNode.value)) : ''
  const colon = sep.findIndex(({ type }) => type === 'map-value-ind')
  const open = colon === -1 ? undefined : endOf(sep[colon])
  const column = start - lineStart(text, start)
  const empty = open ?? keyNode?.range?.[1] ?? start
  return {
    key,
    start,
    slot: { ...written(asNode(pair.value), sep.slice(colon + 1), empty, text), open, column, flow, item: false },
  }
}

function itemEntry(list: Node, node: Node | null, before: readonly CST.SourceToken[], text: string): Entry {
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
  const start = properties[0]?.offset ?? (end === undefined ? empty : (node?.range?.[0] ?? empty))
  const propertiesEnd = endOf(properties.at(-1)) ?? empty
  return { node, start, end: end ?? propertiesEnd, propertiesEnd }
}

/** The tokens before the items of a list, without those that only hold comments or a last comma. */
function itemTokens(list: Node): readonly CST.CollectionItem[] {
  const token = list.srcToken
  if (token === undefined || !('items' in token)) return []
  return token.items.filter(({ start, sep, value }) => value || sep || firstOf(start) !== undefined)
}

function firstOf(tokens: readonly CST.SourceToken[]): number | undefined {
  return tokens.find(({ type }) => !['space', 'newline', 'comment', 'comma', 'map-value-ind'].includes(type))?.offset
}

function endOf(token: CST.SourceToken | undefined): number | undefined {
  return token === undefined ? undefined : token.offset + token.source.length
}

export function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : null
}
