import type { Style } from '../../cli/style.ts'
import { showLine } from '../../wizard/line.ts'
import { wrap } from '../../wizard/view/text.ts'
import { EVENT_KEYS } from '../events/keys.ts'
import { LOG_KEYS } from '../logs-keys.ts'
import { ROLLBACK_KEYS } from '../rollback/keys.ts'
import { type ScreenId, screenFacts } from '../screens.ts'
import { type Overlay, offered, type State, type Surroundings, screenCommand } from '../state.ts'
import { type Area, box, type Spans } from './spans.ts'

const KEYS = [
  ['1 ... 6', 'the screens; also Tab and Shift-Tab'],
  ['j k, arrows', 'move the cursor'],
  ['Enter', 'logs of the service at the cursor'],
  [':', 'every command, by any of its letters'],
  ['y', 'copy the command that does the same as the screen'],
  ['?', 'this help'],
  ['Ctrl-Z', 'leave for the shell; fg comes back'],
  ['q, Ctrl-C', 'quit; what runs goes on'],
] as const

/** What lies over the screen, and where the cursor of the terminal is in it. */
export interface OverlayView {
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

export function overlayView(
  overlay: Exclude<Overlay, { readonly kind: 'menu' }>,
  screen: ScreenId,
  around: Surroundings,
  area: Area,
  style: Style,
): OverlayView {
  switch (overlay.kind) {
    case 'help':
      return {
        lines: box(
          'Help',
          keysOf(screen).map(([key, what]) => keyLine(key, what)),
          area,
          style,
        ),
      }
    case 'command':
      return { lines: box(overlay.entry.words, commandLines(overlay, around, area), area, style) }
    case 'palette':
      return paletteView(overlay, around, area, style)
  }
}

/** Those of the screen first. */
const keysOf = (screen: ScreenId) => [...(OWN_KEYS[screen] ?? []), ...KEYS]

const OWN_KEYS: { readonly [id in ScreenId]?: readonly (readonly [string, string])[] } = {
  logs: LOG_KEYS,
  rollback: ROLLBACK_KEYS,
  events: EVENT_KEYS,
}

const keyLine = (key: string, what: string): Spans => [{ text: key.padEnd(13), tone: 'strong' }, { text: what }]

function commandLines(
  { entry, command }: Extract<Overlay, { kind: 'command' }>,
  { isReadOnly }: Surroundings,
  { width }: Area,
): readonly Spans[] {
  const kept = isReadOnly ? ' It is only copied: this dashboard is read-only.' : ''
  return [
    ...wrap(entry.summary, width - 4).map((text): Spans => [{ text }]),
    [],
    [{ text: command, tone: 'note' }],
    [],
    ...wrap(`Press y to copy it, Esc to go back.${kept}`, width - 4).map((text): Spans => [{ text, tone: 'quiet' }]),
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
