import { glyph, type Style } from '../../cli/style.ts'
import { showLine } from '../../wizard/line.ts'
import { paragraph } from '../facts.ts'
import { type Area, box, type Spans } from '../view/spans.ts'
import { detailLines, stamp } from './details.ts'
import type { Happening } from './happening.ts'
import { chosenIn, type EventsState, happeningsIn, shownIn } from './state.ts'

/** From here on the day is shown with its year, the time with its seconds. */
const WIDE = 100

export interface EventsView {
  /** Exactly as many as the area is high. */
  readonly lines: readonly Spans[]
  /** How far the details can be scrolled, and how many lines are seen at once. */
  readonly reach: number
  readonly page: number
}

/** The screen as lines. Pure. */
export function eventsView(state: EventsState, area: Area, style: Style): EventsView {
  const pane: Area = { ...area, height: area.height - 1 }
  const chosen = chosenIn(state)
  const view =
    state.isOpen && chosen !== undefined ? details(state, chosen, pane, style) : listed(state, pane, chosen, style)
  return { ...view, lines: [...view.lines, statusLine(state, area.width, style)] }
}

function listed(state: EventsState, area: Area, chosen: Happening | undefined, style: Style): EventsView {
  const shown = shownIn(state)
  const page = Math.max(1, area.height - 2)
  if (shown.length === 0) {
    return { lines: box('Events', nothing(state, area), area, style), reach: 0, page }
  }
  const cursor = shown.findIndex(({ id }) => id === chosen?.id)
  const top = Math.max(0, Math.min(cursor - Math.floor(page / 2), shown.length - page))
  const rows = shown
    .slice(top, top + page)
    .map((happening) => row(happening, happening.id === chosen?.id, area.width, style))
  const title =
    shown.length > page
      ? `Events, times in UTC, ${top + 1}-${top + rows.length} of ${shown.length}`
      : 'Events, times in UTC'
  return { lines: box(title, rows, area, style), reach: 0, page }
}

function row({ at, sign, tone, what, text, by }: Happening, isHere: boolean, width: number, style: Style): Spans {
  const time = width >= WIDE ? stamp(at) : stamp(at).slice(5, 16)
  return [
    { text: isHere ? (style.unicode ? '▸' : '>') : ' ', tone: 'strong' },
    { text: `${time} `, tone: 'quiet' },
    { text: `${glyph(style, sign)} `, tone },
    { text: `${what.padEnd(8)} `, tone: isHere ? 'strong' : undefined },
    { text, tone: isHere ? 'strong' : undefined },
    { text: by === undefined ? '' : `  by ${by}`, tone: 'quiet' },
  ]
}

function details(state: EventsState, chosen: Happening, area: Area, style: Style): EventsView {
  const lines = detailLines(chosen, area.width - 4, style)
  const page = Math.max(1, area.height - 2)
  const reach = Math.max(0, lines.length - page)
  const top = Math.min(state.top, reach)
  const place = reach === 0 ? '' : ` ${top + 1}-${top + page} of ${lines.length}`
  return { lines: box(`Event${place}`, lines.slice(top, top + page), area, style), reach, page }
}

function nothing(state: EventsState, { width }: Area): readonly Spans[] {
  const { past } = state
  const text =
    happeningsIn(state).length > 0
      ? 'No event is like that. Esc shows all again.'
      : past.kind === 'loading'
        ? 'Reading what has happened...'
        : past.kind === 'failed'
          ? `${past.message} ${past.hint ?? ''}`
          : 'Nothing has happened yet.'
  return paragraph(text.trim(), width - 4, 'quiet')
}

/** What is shown of all, or what is typed. */
function statusLine(state: EventsState, width: number, style: Style): Spans {
  const { filter, query, isTyping } = state
  const count = `${shownIn(state).length} of ${happeningsIn(state).length}`
  if (isTyping) {
    const { text, cursor } = showLine(query, Math.max(1, width - 20))
    const bar = style.unicode ? '▏' : '_'
    return [
      { text: ' /', tone: 'strong' },
      { text: text.slice(0, cursor) + bar + text.slice(cursor) },
      { text: `  ${count}`, tone: 'note' },
    ]
  }
  const parts = [count, filter === 'all' ? 'v all' : `v ${filter}`, ...(query.text === '' ? [] : [`/${query.text}`])]
  return [{ text: ` ${parts.join('  ')}`, tone: 'quiet' }]
}
