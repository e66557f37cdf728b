import type { ListedEntry } from '../../../../core/config/history/index.ts'
import { glyph, type Style } from '../../../cli/style.ts'
import { diffRows } from '../../../cli/views/config-diff.ts'
import { since } from '../../view/look.ts'
import type { Spans } from '../../view/spans.ts'
import { CHOICES, type Choice, type ConfigState, type Mode, type Review } from '../model.ts'
import { showRows } from '../value-editor.ts'
import { type Part, toned } from './detail.ts'
import { troubleLines } from './trouble.ts'

interface Room {
  readonly width: number
  readonly height: number
  readonly style: Style
  readonly now: Date
}

/** What lies over the whole screen; undefined while the list does. */
export function dialog(state: ConfigState, room: Room): Part | undefined {
  const { mode } = state
  switch (mode.kind) {
    case 'review':
      return reviewPart(mode, state, room)
    case 'history':
      return historyPart(mode, room)
    case 'compare':
      return comparePart(mode, room)
    case 'told':
      return { title: 'Not saved', lines: [...troubleLines(mode.trouble, room.width), [], quiet('Esc back')] }
    case 'editor':
      return editorPart(mode, room)
    default:
      return undefined
  }
}

const WORDS: { readonly [choice in Choice]: string } = { cancel: 'Cancel', save: 'Save only', apply: 'Apply' }
const quiet = (text: string): Spans => [{ text, tone: 'quiet' }]

function reviewPart(mode: Review, state: ConfigState, { width, height, style }: Room): Part {
  const { subject, diff, choice, reason, isReasoning, isSaving } = mode
  const title = subject.kind === 'drafts' ? 'What would be saved' : `Restore #${subject.entry}: what would be saved`
  const buttons: Spans = CHOICES.flatMap((one) => [
    {
      text: one === choice ? `[${WORDS[one]}]` : ` ${WORDS[one]} `,
      tone: one === choice ? ('strong' as const) : ('quiet' as const),
    },
    { text: ' ' },
  ])
  const typed = showRows(reason, Math.max(8, width - 8), 1)
  const reasonLine: Spans = [
    { text: 'Reason: ', tone: 'quiet' },
    { text: typed.rows[0] || (isReasoning ? '' : 'none (m)') },
  ]
  const foot: readonly Spans[] = isSaving ? [quiet('Saving...')] : [reasonLine, buttons, quiet(ABOUT[choice])]
  const body =
    diff.kind === 'awaited'
      ? [quiet('Making the difference...')]
      : diff.kind === 'failed'
        ? troubleLines(diff.trouble, width)
        : [
            ...errorCount(state, width, style),
            ...diff.it.warnings.flatMap((warning) => toned(`${glyph(style, 'warning')} ${warning}`, width, 'warn')),
            ...diffRows(diff.it.diff).map(({ text, tone }): Spans => [{ text, tone }]),
          ]
  const room = Math.max(1, height - foot.length - 1)
  const lines = [
    ...body.slice(mode.scroll, mode.scroll + room),
    ...Array<Spans>(Math.max(0, room - (body.length - mode.scroll))).fill([]),
    [],
    ...foot,
  ]
  return { title, lines, ...(isReasoning && { cursor: { x: 8 + typed.cursor.x, y: room + 1 } }) }
}

const ABOUT: { readonly [choice in Choice]: string } = {
  cancel: 'Nothing is written; the drafts stay.',
  save: 'The file is written. What runs stays as it is until the next deploy.',
  apply: 'The plan is shown; what runs is changed first, and the file when that has worked.',
}

function errorCount({ findings }: ConfigState, width: number, style: Style): readonly Spans[] {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return errors.flatMap(({ message }) => toned(`${glyph(style, 'failed')} ${message}`, width, 'bad'))
}

function historyPart({ list, row }: Extract<Mode, { kind: 'history' }>, { width, height, now }: Room): Part {
  if (list.kind === 'awaited') return { title: 'History', lines: [quiet('Reading...')] }
  if (list.kind === 'failed') return { title: 'History', lines: troubleLines(list.trouble, width) }
  const { entries, outside, problems } = list.it
  const hint = quiet('Enter difference to now  r restore  Esc back')
  if (entries.length === 0) return { title: 'History', lines: [quiet('It begins with the first change.'), [], hint] }
  const head = [
    ...(outside ? toned('The file was edited by hand since; the next change records it.', width, 'warn') : []),
    ...problems.flatMap(({ message }) => toned(message, width, 'bad')),
  ]
  const room = Math.max(1, height - head.length - 2)
  const top = Math.max(0, Math.min(row - Math.floor(room / 2), entries.length - room))
  const lines = entries
    .toReversed()
    .slice(top, top + room)
    .map((entry, index) => entryLine(entry, top + index === row, now))
  return { title: `History of ${entries.length}`, lines: [...head, ...lines, [], hint] }
}

function entryLine(
  { number, at, by, kind, reason, changes, current, kept }: ListedEntry,
  isHere: boolean,
  now: Date,
): Spans {
  const what = changes.length === 0 ? kind : `${kind}: ${changes.join(', ')}`
  const state = current ? ' (now)' : kept ? '' : ' (no longer kept)'
  return [
    { text: isHere ? '> ' : '  ', tone: 'strong' },
    { text: `#${number}`.padEnd(5), tone: isHere ? 'strong' : 'note' },
    { text: `${since(at, now)} ago`.padEnd(12) },
    { text: `${by ?? 'by hand'}`.padEnd(16), tone: 'quiet' },
    { text: `  ${reason === null ? '' : `"${reason.replaceAll(/\s+/g, ' ')}" `}${what}${state}` },
  ]
}

function comparePart({ entry, diff, scroll }: Extract<Mode, { kind: 'compare' }>, { width, height }: Room): Part {
  const title = `#${entry.number}, and the file as it is`
  const hint = quiet('r restore  Esc back')
  if (diff.kind === 'awaited') return { title, lines: [quiet('Reading...'), [], hint] }
  if (diff.kind === 'failed') return { title, lines: [...troubleLines(diff.trouble, width), [], hint] }
  const rows = diffRows(diff.it).map(({ text, tone }): Spans => [{ text, tone }])
  return { title, lines: [...rows.slice(scroll, scroll + Math.max(1, height - 2)), [], hint] }
}

function editorPart({ trouble, scroll }: Extract<Mode, { kind: 'editor' }>, { width, height }: Room): Part {
  if (trouble === undefined) return { title: 'Editor', lines: [quiet('The file is open in your editor.')] }
  const lines = troubleLines(trouble, width)
  const hint = quiet('E opens the editor again, Esc gives up: the text is kept in a file')
  return {
    title: 'The text has errors and was not saved',
    lines: [...lines.slice(scroll, scroll + Math.max(1, height - 2)), [], hint],
  }
}
