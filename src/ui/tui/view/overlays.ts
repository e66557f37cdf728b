import type { Style } from '../../cli/style.ts'
import { showLine } from '../../wizard/line.ts'
import { wrap } from '../../wizard/view/text.ts'
import type { Phase } from '../change/state.ts'
import { deedOf } from '../deeds.ts'
import { helpOf } from '../help.ts'
import type { KeyLine } from '../keymap/index.ts'
import { DISCARD_CHOICES, leaveChoices } from '../leave.ts'
import { screenFacts } from '../screens.ts'
import { type Overlay, offered, type State, type Surroundings, screenCommand } from '../state.ts'
import { type Area, box, type Spans } from './spans.ts'

/** What lies over the screen, and where the cursor of the terminal is in it. */
export interface OverlayView {
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

export function overlayView(
  overlay: Exclude<Overlay, { readonly kind: 'menu' }>,
  { screen, phase, unsaved = '' }: State,
  around: Surroundings,
  area: Area,
  style: Style,
): OverlayView {
  switch (overlay.kind) {
    case 'help':
      return {
        lines: helpLines(helpOf(screen, around.keymap), overlay.top, area, style),
      }
    case 'command':
      return { lines: box(overlay.entry.words, commandLines(overlay, around, area), area, style) }
    case 'leave':
      return { lines: box('A change is under way', leaveLines(overlay.row, phase), area, style) }
    case 'discard':
      return { lines: box('Not saved', discardLines(overlay.row, unsaved), area, style) }
    case 'palette':
      return paletteView(overlay, around, area, style)
  }
}

/** What does not fit is scrolled to. */
function helpLines(help: readonly KeyLine[], top: number, area: Area, style: Style): readonly Spans[] {
  const longest = Math.max(...help.map(([key]) => key.length))
  const lines = help.map(([key, what]) => keyLine(key.padEnd(longest + 2), what))
  const rows = area.height - 2
  const first = Math.max(0, Math.min(top, lines.length - rows))
  const title = lines.length > rows ? `Help (j k scroll, ${first + 1}-${first + rows} of ${lines.length})` : 'Help'
  return box(title, lines.slice(first), area, style)
}

const keyLine = (key: string, what: string): Spans => [{ text: key, tone: 'strong' }, { text: what }]

function commandLines(
  { entry, command }: Extract<Overlay, { kind: 'command' }>,
  { isReadOnly }: Surroundings,
  { width }: Area,
): readonly Spans[] {
  const deed = deedOf(entry.words)
  const runs = deed.kind === 'run' && (deed.reads || !isReadOnly)
  const text = runs ? 'Enter runs it here, y copies it, Esc goes back.' : 'Press y to copy it, Esc to go back.'
  const kept = isReadOnly && !runs ? ' It is only copied: this dashboard is read-only.' : ''
  return [
    ...wrap(entry.summary, width - 4).map((line): Spans => [{ text: line }]),
    [],
    [{ text: command, tone: 'note' }],
    [],
    ...wrap(`${text}${kept}`, width - 4).map((line): Spans => [{ text: line, tone: 'quiet' }]),
  ]
}

function discardLines(row: number, unsaved: string): readonly Spans[] {
  return [
    [{ text: unsaved }],
    [],
    ...DISCARD_CHOICES.map(
      (text, index): Spans => [
        { text: `${index === row ? '>' : ' '} ${text}`, tone: index === row ? 'strong' : undefined },
      ],
    ),
  ]
}

function leaveLines(row: number, phase: Phase): readonly Spans[] {
  return [
    [{ text: 'What is to become of it?' }],
    [],
    ...leaveChoices(phase).map(
      ({ text }, index): Spans => [
        { text: `${index === row ? '>' : ' '} ${text}`, tone: index === row ? 'strong' : undefined },
      ],
    ),
  ]
}

function paletteView(
  { line, row }: Extract<Overlay, { kind: 'palette' }>,
  around: Surroundings,
  area: Area,
  style: Style,
): OverlayView {
  const found = offered(line, around)
  const shown = showLine(line, area.width - 6)
  // Frame, the line that is typed, the command of the row.
  const room = Math.max(1, area.height - 4)
  const top = Math.max(0, row - room + 1)
  const longest = Math.max(0, ...found.map(({ words }) => words.length))
  const rows = found.slice(top, top + room).map(({ words, summary }, index): Spans => {
    const isHere = top + index === row
    return [
      { text: `${isHere ? '>' : ' '} ${words.padEnd(longest)}  `, tone: isHere ? 'strong' : undefined },
      { text: summary, tone: isHere ? undefined : 'quiet' },
    ]
  })
  const none: readonly Spans[] = [[{ text: '  No command has these letters.', tone: 'quiet' }]]
  const entry = found[row]
  const listed = [
    ...(rows.length === 0 ? none : rows),
    ...Array<Spans>(Math.max(0, room - Math.max(1, rows.length))).fill([]),
  ]
  const lines: readonly Spans[] = [
    [{ text: ': ', tone: 'strong' }, { text: shown.text }],
    ...listed,
    entry === undefined ? [] : [{ text: around.commandLine(entry.usage), tone: 'note' }],
  ]
  return { lines: box('Commands', lines, area, style), cursor: { x: 4 + shown.cursor, y: 1 } }
}

/** A screen that is not built yet: the command that does the same. */
export function entryScreen(state: State, around: Surroundings, area: Area, style: Style): readonly Spans[] {
  const { title, about } = screenFacts(state.screen)
  const lines: readonly Spans[] = [
    [{ text: about }],
    [],
    [{ text: screenCommand(state, around), tone: 'note' }],
    [],
    [{ text: 'Press y to copy it, : for other commands.', tone: 'quiet' }],
  ]
  return box(title, lines, area, style)
}
