import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isSeq, type Node } from 'yaml'
import { isTree, type Path, startsWith } from '../path.ts'
import { commentsAbove, extentEnd, isBlankLine } from './lines.ts'
import { entryLines, flowEntry, itemLines, type Manner, renderFlow } from './render.ts'
import { replaced } from './replace.ts'
import { type Entry, entriesOf, isFlow, lineAfter, lineStart, type Slot } from './slot.ts'
import { insertion, type Splice } from './splice.ts'

/** What the walk through a document needs everywhere. */
export interface Sheet {
  /** Ends with a line end. */
  readonly text: string
  readonly manner: Manner
  /** The paths of the edits. */
  readonly paths: readonly Path[]
  /** Collects the nodes in which something changes. */
  readonly touched: Set<Node>
  readonly refuseAlias: (path: Path) => never
}

/** The splices that make the wished data of the present data of a slot; nothing where both are the same. */
export function changes(slot: Slot, path: Path, present: unknown, wished: unknown, sheet: Sheet): readonly Splice[] {
  if (isDeepStrictEqual(present, wished)) return []
  const { node } = slot
  if (node !== null) sheet.touched.add(node)
  if (isAlias(node) && !sheet.paths.some((edited) => startsWith(path, edited))) sheet.refuseAlias(path)
  const inside =
    isMap(node) && isTree(present) && isTree(wished)
      ? mapChanges(node, path, present, wished, sheet)
      : isSeq(node) && Array.isArray(present) && Array.isArray(wished)
        ? listChanges(node, path, present, wished, sheet)
        : undefined
  return inside ?? replaced(slot, wished, sheet.text, sheet.manner)
}

type Tree = { readonly [key: string]: unknown }

function mapChanges(node: Node, path: Path, present: Tree, wished: Tree, sheet: Sheet): readonly Splice[] | undefined {
  const entries = entriesOf(node, sheet.text)
  const gone = entries.map(({ key = '' }) => !Object.hasOwn(wished, key))
  const added = Object.entries(wished).filter(([key]) => !Object.hasOwn(present, key))
  const column = entries[0]?.slot.column ?? 0
  const additions = isFlow(node)
    ? added.map((entry) => `, ${flowEntry(entry)}`)
    : added.map(([key, value]) => entryLines(key, value, column, sheet.manner))
  return arranged(node, entries, gone, additions, sheet, ({ key = '', slot }) =>
    changes(slot, [...path, key], present[key], wished[key], sheet),
  )
}

function listChanges(
  node: Node,
  path: Path,
  present: readonly unknown[],
  wished: readonly unknown[],
  sheet: Sheet,
): readonly Splice[] | undefined {
  const entries = entriesOf(node, sheet.text)
  const shorter = Math.min(present.length, wished.length)
  let same = 0
  while (same < shorter && isDeepStrictEqual(present[same], wished[same])) same++
  let sameAtEnd = 0
  while (sameAtEnd < shorter - same && isDeepStrictEqual(present.at(-1 - sameAtEnd), wished.at(-1 - sameAtEnd)))
    sameAtEnd++
  const paired = shorter - sameAtEnd
  const gone = entries.map((_, index) => index >= paired && index < present.length - sameAtEnd)
  const column = entries[0]?.slot.column ?? 0
  const added = wished.slice(paired, wished.length - sameAtEnd)
  if (added.length > 0 && sameAtEnd > 0) return undefined
  const additions = isFlow(node)
    ? added.map((item) => `, ${renderFlow(item)}`)
    : added.map((item) => itemLines(item, column, sheet.manner))
  return arranged(node, entries, gone, additions, sheet, ({ slot }, index) =>
    index < paired ? changes(slot, [...path, index], present[index], wished[index], sheet) : [],
  )
}

/** Changed, removed and new entries of one collection; undefined when none stays or there is no room for new ones. */
function arranged(
  node: Node,
  entries: readonly Entry[],
  gone: readonly boolean[],
  additions: readonly string[],
  sheet: Sheet,
  kept: (entry: Entry, index: number) => readonly Splice[],
): readonly Splice[] | undefined {
  const { text } = sheet
  const last = entries.at(-1)
  const lastKept = entries.findLast((_, index) => !gone[index])
  if (last === undefined || lastKept === undefined) return undefined
  const restructured = additions.length > 0 || gone.includes(true)
  if (isFlow(node) && restructured && !'{['.includes(text[node.range?.[0] ?? 0] ?? '')) return undefined

  const inner = entries.flatMap((entry, index) => {
    if (!gone[index]) return kept(entry, index)
    const next = entries[index + 1]
    if (!isFlow(node)) return [blockRemoval(entry, next, text)]
    if (entries.slice(index).some((_, offset) => !gone[index + offset])) {
      return [{ start: entry.start, end: next?.start ?? entry.slot.end, text: '' }]
    }
    return entry === last ? [{ start: lastKept.slot.end, end: last.slot.end, text: '' }] : []
  })
  if (additions.length === 0) return inner
  const at = isFlow(node) ? lastKept.slot.end : extentEnd(text, last.slot.end, last.slot.column)
  return [...inner, insertion(at, additions.join(''))]
}

/**
 * An entry of a block section goes with its lines, the comments directly above that are indented like it, the deeper
 * ones below, and one blank line when it stood between two.
 */
function blockRemoval({ start, slot }: Entry, next: Entry | undefined, text: string): Splice {
  const line = lineStart(text, start)
  if (text.slice(line, start).trim() !== '') {
    return { start, end: next === undefined ? slot.end : next.start, text: '' }
  }
  const top = commentsAbove(text, start)
  const end = extentEnd(text, slot.end, slot.column)
  const above = top > 0 ? lineStart(text, top - 1) : 0
  const paragraph = top > 0 && isBlankLine(text, above) && (end === text.length || isBlankLine(text, end))
  return { start: paragraph ? above : top, end: Math.max(end, lineAfter(text, start)), text: '' }
}
