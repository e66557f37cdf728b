import {
  afterBlankLines,
  afterLine,
  commentsAbove,
  endsBlocks,
  extentEnd,
  isBlankLine,
  lineEnd,
  lineStart,
  startsLine,
} from './lines.ts'
import { entryLines, itemLines, type Manner } from './render.ts'
import { type Entry, keepsBlankLines, lastLeaf } from './slot.ts'
import { insertion, removal, type Splice } from './splice.ts'
import type { Step } from './steps.ts'

/** Removes and adds entries of a section or list that is written by indentation; undefined where a new one has no place. */
export function blockSplices(steps: readonly Step[], text: string, manner: Manner): readonly Splice[] | undefined {
  const entries = steps.flatMap((step) => (step.kind === 'new' ? [] : [step.entry]))
  const first = entries[0]
  if (first === undefined) return undefined
  const { column } = first.slot
  const apart = isApart(entries, text)
  const splices: Splice[] = []
  let before: Entry | undefined
  let aboveKeepsBlankLines = false
  for (const [position, step] of steps.entries()) {
    if (step.kind === 'gone') splices.push(...goneSplices(step.entry, before, keptAfter(steps, position), text))
    if (step.kind === 'kept') aboveKeepsBlankLines = keepsBlankLines(lastLeaf(step.entry.slot.node))
    if (step.kind !== 'new') before = step.entry
    else if (before === undefined && !startsLine(text, first.start)) return undefined
    else {
      const at = before === undefined ? commentsAbove(text, first.start) : extentEnd(text, before.slot.end, column)
      const here = { ...manner, literals: manner.literals && endsBlocks(text, at, column) }
      const { key, value } = step
      const lines = key === undefined ? itemLines(value, column, here) : entryLines(key, value, column, here)
      splices.push(insertion(at, apart && !aboveKeepsBlankLines ? manner.eol + lines : lines))
      aboveKeepsBlankLines = false
    }
  }
  return splices
}

/** True when a blank line is between the last two entries: then one is before a new entry, too. */
function isApart(entries: readonly Entry[], text: string): boolean {
  const [previous, last] = entries.slice(-2)
  if (previous === undefined || last === undefined || last.key === undefined || keepsBlankLines(last.slot.node))
    return false
  return afterBlankLines(text, afterLine(text, previous.slot.end)) > afterLine(text, previous.slot.end)
}

/** True when blank lines from `start` on would become a part of the value above. */
function swallowsBlankLines({ slot }: Entry, start: number, text: string): boolean {
  return keepsBlankLines(lastLeaf(slot.node)) || (text[slot.end - 1] === '\n' && !endsBlocks(text, start, slot.column))
}

function keptAfter(steps: readonly Step[], position: number): Entry | undefined {
  const step = steps.slice(position).find(({ kind }) => kind === 'kept')
  return step === undefined || step.kind === 'new' ? undefined : step.entry
}

/**
 * An entry goes with its lines, the comments directly above that are indented like it, and the deeper ones below. Of two
 * paragraphs' blank lines one goes, too.
 */
function goneSplices(
  { start, slot }: Entry,
  before: Entry | undefined,
  next: Entry | undefined,
  text: string,
): readonly Splice[] {
  const end = extentEnd(text, slot.end, slot.column)
  if (!startsLine(text, start)) return [firstOfCompact(start, end, next, text)]
  const top = commentsAbove(text, start)
  if (before === undefined) return [removal(top, end)]
  const free = extentEnd(text, before.slot.end, slot.column)
  if (top === before.slot.end && swallowsBlankLines(before, end, text))
    return [removal(top, afterBlankLines(text, end))]
  const above = lineStart(text, top - 1)
  const paragraph = above >= free && isBlankLine(text, above) && (next === undefined || isBlankLine(text, end))
  return [removal(paragraph ? above : top, end)]
}

/** The first entry of a section behind a dash: the next one takes its place, unless comments are between. */
function firstOfCompact(start: number, end: number, next: Entry | undefined, text: string): Splice {
  if (next !== undefined && !text.slice(end, next.start).includes('#')) return removal(start, next.start)
  const line = lineStart(text, start)
  return removal(line + text.slice(line, start).trimEnd().length, lineEnd(text, end))
}
