import { plural } from '../../../cli/format.ts'
import type { Style } from '../../../cli/style.ts'
import { type Area, beside, box, fill, type Spans } from '../../view/spans.ts'
import type { ConfigState } from '../model.ts'
import { findingsElsewhere } from '../rows.ts'
import { detail, type Part, toned } from './detail.ts'
import { dialog } from './dialog.ts'
import { listLines } from './list.ts'
import { troubleLines } from './trouble.ts'

/** The lines of the screen, and where the terminal's cursor is in them. */
export interface ConfigView {
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** From so many columns on the setting at the cursor stands beside the list. */
const WIDE = 110
/** Below so many rows the list and the setting are not shown together. */
const LOW = 12
/** What a frame takes on each side. */
const FRAME = 4

/** The config for a screen of a size. Pure. */
export function configView(state: ConfigState, area: Area, style: Style, now: Date): ConfigView {
  const { reading } = state
  const inner = { width: area.width - FRAME, height: area.height - 2, style, now }
  const over = dialog(state, inner)
  if (over !== undefined) return boxed(over, area, style, { x: 0, y: 0 })
  if (reading.kind === 'reading')
    return { lines: box('Config', [[{ text: 'Reading...', tone: 'quiet' }]], area, style) }
  if (reading.kind === 'unreadable') {
    const lines = [
      ...troubleLines(reading.trouble, inner.width),
      [],
      ...toned('E opens it in your editor, H is its history. It is read again when it changes.', inner.width, 'quiet'),
    ]
    return { lines: box('Config', lines, area, style) }
  }
  return form(state, area, style)
}

function form(state: ConfigState, area: Area, style: Style): ConfigView {
  const title = titleOf(state)
  const list = (room: Area) => box(title, listLines(state, room.width - FRAME, room.height - 2, style), room, style)
  if (area.width >= WIDE && style.isLinear !== true) {
    const side = Math.floor(area.width * 0.42)
    const left = { ...area, width: area.width - side }
    const part = withElsewhere(detail(state, side - FRAME, style), state, side - FRAME)
    const right = boxed(part, { ...area, width: side }, style, { x: left.width, y: 0 })
    return { ...right, lines: beside([list(left), right.lines]) }
  }
  const part = detail(state, area.width - FRAME, style)
  if (area.height < LOW) {
    return state.mode.kind === 'browse' ? { lines: list(area) } : boxed(part, area, style, { x: 0, y: 0 })
  }
  const height = Math.min(Math.max(7, part.lines.length + 2), Math.floor(area.height / 2))
  const above = { ...area, height: area.height - height }
  const below = boxed(part, { ...area, height }, style, { x: 0, y: above.height })
  return { ...below, lines: [...list(above), ...below.lines] }
}

function boxed({ title, lines, cursor }: Part, area: Area, style: Style, at: { x: number; y: number }): ConfigView {
  return {
    lines: box(title, fill(lines, area.height - 2), area, style),
    ...(cursor !== undefined && { cursor: { x: at.x + 2 + cursor.x, y: at.y + 1 + cursor.y } }),
  }
}

function titleOf({ reading, drafts, findings, query, filter }: ConfigState): string {
  const count = (severity: 'error' | 'warning') => {
    const found = findings.filter((finding) => finding.severity === severity).length
    return found === 0 ? [] : [plural(found, severity)]
  }
  return [
    reading.kind === 'read' ? `${reading.form.template}, ${reading.form.environment}` : 'Config',
    ...(drafts.size === 0 ? [] : [`${plural(drafts.size, 'draft')} (s saves)`]),
    ...count('error'),
    ...count('warning'),
    ...(filter === 'all' ? [] : [`only ${filter}`]),
    ...(query === '' ? [] : [`/${query}`]),
  ].join(' · ')
}

function withElsewhere(part: Part, state: ConfigState, width: number): Part {
  const found = findingsElsewhere(state).filter(({ severity }) => severity === 'error')
  if (found.length === 0 || state.mode.kind !== 'browse') return part
  return { ...part, lines: [...part.lines, [], ...found.flatMap(({ message }) => toned(message, width, 'bad'))] }
}
