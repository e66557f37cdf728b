import { commentsAbove, endsLine, lineAfter, lineStart, startsLine } from './lines.ts'
import { flowEntry, renderFlow } from './render.ts'
import type { Entry } from './slot.ts'
import { insertion, removal, type Splice } from './splice.ts'
import type { Step } from './steps.ts'

/** Removes and adds entries in brackets, which may go over many lines. */
export function flowSplices(steps: readonly Step[], text: string, eol: string): readonly Splice[] | undefined {
  const entries = steps.flatMap((step) => (step.kind === 'new' ? [] : [step.entry]))
  const lastComma = entries.at(-1)?.comma
  const lastKept = steps.findLastIndex(({ kind }) => kind === 'kept')
  const last = entryOf(steps[lastKept])
  if (last === undefined) return undefined
  const added = steps.slice(lastKept).some(({ kind }) => kind === 'new')
  const splices: Splice[] = []
  // The comma behind the last one that stays goes, unless one was behind the last of all.
  if (last.comma !== undefined && lastComma === undefined && !added) splices.push(removal(last.comma, last.comma + 1))
  if (last.comma === undefined && added) splices.push(insertion(last.slot.end, ','))

  let before: Entry | undefined
  for (const [position, step] of steps.entries()) {
    if (step.kind === 'gone') splices.push(goneSplice(step.entry, text))
    else if (step.kind === 'kept') before = step.entry
    else {
      const closes = steps.slice(position + 1).every(({ kind }) => kind === 'gone')
      const inline = step.key === undefined ? renderFlow(step.value) : flowEntry(step.key, step.value)
      splices.push(
        newSplice(`${inline}${closes && lastComma === undefined ? '' : ','}`, before, entries[0] ?? last, text, eol),
      )
    }
  }
  return splices
}

function entryOf(step: Step | undefined): Entry | undefined {
  return step === undefined || step.kind === 'new' ? undefined : step.entry
}

/** An entry with its comma; with its lines and the comments above when nothing else is on them. */
function goneSplice({ start, slot, comma }: Entry, text: string): Splice {
  const end = comma === undefined ? slot.end : comma + 1
  if (startsLine(text, start) && endsLine(text, end)) return removal(commentsAbove(text, start), lineAfter(text, end))
  const next = end + text.slice(end).search(/[^ ]/)
  if (comma !== undefined && !/[\r\n#]/.test(text[next] ?? '')) return removal(start, next)
  const line = lineStart(text, start)
  return removal(startsLine(text, start) ? start : line + text.slice(line, start).trimEnd().length, end)
}

function newSplice(inline: string, before: Entry | undefined, first: Entry, text: string, eol: string): Splice {
  if (before === undefined) return insertion(first.start, `${inline} `)
  const end = before.comma === undefined ? before.slot.end : before.comma + 1
  const ownLine = startsLine(text, before.start) && endsLine(text, end)
  const indent = text.slice(lineStart(text, before.start), before.start)
  return ownLine ? insertion(lineAfter(text, end), `${indent}${inline}${eol}`) : insertion(end, ` ${inline}`)
}
