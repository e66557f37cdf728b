import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isSeq, type Node } from 'yaml'
import { isTree, type Path, startsWith } from '../path.ts'
import { blockSplices } from './block.ts'
import { flowSplices } from './flow.ts'
import type { Manner } from './render.ts'
import { replaced } from './replace.ts'
import { type Entry, entriesOf, isFlow, type Slot } from './slot.ts'
import type { Splice } from './splice.ts'
import { listSteps, mapSteps, matchItems, type Step } from './steps.ts'

/** What the walk through a document needs everywhere. */
export interface Sheet {
  /** Ends with a line end. */
  readonly text: string
  readonly manner: Manner
  /** A section that stays last: new ones come above it. */
  readonly closing: string | undefined
  /** The paths of the edits. */
  readonly paths: readonly Path[]
  /** Collects the nodes in which something changes. */
  readonly touched: Set<Node>
  readonly refuseAlias: (path: Path) => never
}

/** The splices that make the wished data of the present data of a slot; none where both are the same. */
export function changes(slot: Slot, path: Path, present: unknown, wished: unknown, sheet: Sheet): readonly Splice[] {
  if (isDeepStrictEqual(present, wished)) return []
  const { node } = slot
  if (node !== null) sheet.touched.add(node)
  if (isAlias(node) && !sheet.paths.some((edited) => startsWith(path, edited))) sheet.refuseAlias(path)
  return inside(node, path, present, wished, sheet) ?? replaced(slot, wished, sheet.text, sheet.manner)
}

/** Changes within a collection that remains one; undefined when it does not, or when nothing of it stays. */
function inside(
  node: Node | null,
  path: Path,
  present: unknown,
  wished: unknown,
  sheet: Sheet,
): readonly Splice[] | undefined {
  if (isMap(node) && isTree(present) && isTree(wished)) {
    const entries = entriesOf(node, sheet.text)
    return arranged(
      node,
      mapSteps(entries, wished, path.length === 0 ? sheet.closing : undefined),
      sheet,
      ({ slot, key = '' }) => changes(slot, [...path, key], present[key], wished[key], sheet),
    )
  }
  if (isSeq(node) && Array.isArray(present) && Array.isArray(wished)) {
    const entries = entriesOf(node, sheet.text)
    const matches = matchItems(present, wished)
    const index = new Map(entries.map((entry, position) => [entry, position]))
    return arranged(node, listSteps(entries, wished, matches), sheet, (entry) => {
      const from = index.get(entry) ?? 0
      const to = matches.get(from) ?? 0
      return changes(entry.slot, [...path, to], present[from], wished[to], sheet)
    })
  }
  return undefined
}

function arranged(
  node: Node,
  steps: readonly Step[],
  { text, manner }: Sheet,
  changed: (entry: Entry) => readonly Splice[],
): readonly Splice[] | undefined {
  const kept = steps.flatMap((step) => (step.kind === 'kept' ? [step.entry] : []))
  if (kept.length === 0) return undefined
  if (kept.length === steps.length) return kept.flatMap(changed)
  // A pair in a list, `[a: 1]`, has no brackets of its own.
  if (isFlow(node) && !/[[{]/.test(text[node.range?.[0] ?? 0] ?? '')) return undefined
  const moved = isFlow(node) ? flowSplices(steps, text, manner.eol) : blockSplices(steps, text, manner)
  return moved && [...kept.flatMap(changed), ...moved]
}
