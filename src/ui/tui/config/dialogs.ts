import { EMPTY } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'
import { notice } from './browse.ts'
import { editsOf } from './drafts.ts'
import { CHOICES, type ConfigState, type Ground, type Mode, type Reduced, type Review, type Subject } from './model.ts'
import { typedLine } from './typing.ts'

type Of<Kind extends Mode['kind']> = Extract<Mode, { kind: Kind }>

const done = (state: ConfigState): Reduced => ({ state: { ...state, mode: { kind: 'browse' } }, effects: [] })
const stays = (state: ConfigState, mode: Mode): Reduced => ({ state: { ...state, mode }, effects: [] })
const keyOf = (press: Press) => (press.type === 'text' ? press.text : press.key)

/** How far a key scrolls; undefined for one that does not. */
function scrollOf(press: Press, { page }: Ground): number | undefined {
  switch (keyOf(press)) {
    case 'down':
    case 'j':
      return 1
    case 'up':
    case 'k':
      return -1
    case 'pageDown':
    case ' ':
      return page
    case 'pageUp':
      return -page
    case 'home':
      return Number.NEGATIVE_INFINITY
    case 'end':
      return Number.POSITIVE_INFINITY
    default:
      return undefined
  }
}

const scrolled = (from: number, by: number, most: number) => Math.min(Math.max(from + by, 0), Math.max(0, most))

/** Keys on the difference: nothing is written before one of the choices is taken. */
export function onReview(state: ConfigState, mode: Review, press: Press, ground: Ground): Reduced {
  if (mode.isSaving) return stays(state, mode)
  if (mode.isReasoning) {
    const reason = typedLine(mode.reason, press)
    if (reason !== undefined) return stays(state, { ...mode, reason })
    const isDone = press.type === 'key' && ['enter', 'escape'].includes(press.key)
    return stays(state, isDone ? { ...mode, isReasoning: false } : mode)
  }
  const lines = mode.diff.kind === 'there' ? mode.diff.it.diff.lines.length : 0
  const by = scrollOf(press, ground)
  if (by !== undefined) return stays(state, { ...mode, scroll: scrolled(mode.scroll, by, lines - 1) })
  const to = (steps: number) =>
    stays(state, { ...mode, choice: CHOICES[(CHOICES.indexOf(mode.choice) + steps + 3) % 3] ?? 'cancel' })
  switch (keyOf(press)) {
    case 'escape':
    case 'q':
      return done(state)
    case 'left':
    case 'h':
    case 'backTab':
      return to(-1)
    case 'right':
    case 'l':
    case 'tab':
      return to(1)
    case 'm':
      return stays(state, { ...mode, isReasoning: true })
    case 'enter':
      return decided(state, mode, ground)
    default:
      return stays(state, mode)
  }
}

function decided(state: ConfigState, mode: Review, { isReadOnly }: Ground): Reduced {
  if (mode.choice === 'cancel') return done(state)
  if (isReadOnly)
    return { ...done(state), effects: [notice('Nothing can be changed here: the dashboard is read-only.')] }
  if (mode.diff.kind !== 'there') return stays(state, mode)
  const { subject, reason } = mode
  const { hash } = mode.diff.it
  const edits = editsOf(state.drafts)
  if (mode.choice === 'save') {
    return {
      state: { ...state, mode: { ...mode, isSaving: true } },
      effects: [{ type: 'save', subject, edits, reason: reason.text.trim(), hash }],
    }
  }
  if (subject.kind === 'restore') {
    return { ...done(state), effects: [{ type: 'change', request: { kind: 'config-restore', entry: subject.entry } }] }
  }
  const handed = new Map([...state.drafts].map(([path, draft]) => [path, { ...draft, isHanded: true }]))
  return { ...done({ ...state, drafts: handed }), effects: [{ type: 'change', request: { kind: 'config', edits } }] }
}

/** Keys on the list of the history. The newest entry is the first row. */
export function onHistory(state: ConfigState, mode: Of<'history'>, press: Press, ground: Ground): Reduced {
  if (keyOf(press) === 'escape' || keyOf(press) === 'q') return done(state)
  if (mode.list.kind !== 'there') return stays(state, mode)
  const entries = mode.list.it.entries.toReversed()
  const by = scrollOf(press, ground)
  if (by !== undefined) return stays(state, { ...mode, row: scrolled(mode.row, by, entries.length - 1) })
  const entry = entries[mode.row]
  if (entry === undefined || (keyOf(press) !== 'enter' && keyOf(press) !== 'r')) return stays(state, mode)
  if (!entry.kept) return { ...stays(state, mode), effects: [notice(`What #${entry.number} was is no longer kept.`)] }
  if (keyOf(press) === 'r') return restore(state, entry.number, ground)
  return {
    state: { ...state, mode: { kind: 'compare', entry, diff: { kind: 'awaited' }, scroll: 0 } },
    effects: [{ type: 'compare', entry: entry.number }],
  }
}

/** Keys on the difference of an entry to what the file is now. */
export function onCompare(state: ConfigState, mode: Of<'compare'>, press: Press, ground: Ground): Reduced {
  const lines = mode.diff.kind === 'there' ? mode.diff.it.lines.length : 0
  const by = scrollOf(press, ground)
  if (by !== undefined) return stays(state, { ...mode, scroll: scrolled(mode.scroll, by, lines - 1) })
  switch (keyOf(press)) {
    case 'escape':
    case 'q':
      return { ...stays(state, { kind: 'history', list: { kind: 'awaited' }, row: 0 }), effects: [{ type: 'history' }] }
    case 'r':
      return restore(state, mode.entry.number, ground)
    default:
      return stays(state, mode)
  }
}

function restore(state: ConfigState, entry: number, { isReadOnly }: Ground): Reduced {
  if (isReadOnly) return { state, effects: [notice('Nothing can be changed here: the dashboard is read-only.')] }
  const subject: Subject = { kind: 'restore', entry }
  const mode: Review = {
    ...{ kind: 'review', subject, diff: { kind: 'awaited' }, choice: 'cancel', scroll: 0 },
    ...{ reason: EMPTY, isReasoning: false, isSaving: false },
  }
  return { ...stays(state, mode), effects: [{ type: 'difference', subject, edits: [] }] }
}

/** Keys while the editor waits to be told whether to open again. */
export function onEditor(state: ConfigState, mode: Of<'editor'>, press: Press, ground: Ground): Reduced {
  if (mode.trouble === undefined) return stays(state, mode)
  const by = scrollOf(press, ground)
  if (by !== undefined) return stays(state, { ...mode, scroll: Math.max(0, mode.scroll + by) })
  switch (keyOf(press)) {
    case 'E':
    case 'enter':
      return { ...stays(state, { ...mode, trouble: undefined }), effects: [{ type: 'answer', again: true }] }
    case 'escape':
    case 'q':
      return { ...stays(state, { ...mode, trouble: undefined }), effects: [{ type: 'answer', again: false }] }
    default:
      return stays(state, mode)
  }
}
