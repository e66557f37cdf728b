import type { Style } from '../../cli/style.ts'
import { paragraph } from '../facts.ts'
import { type Area, beside, box, fill, type Spans } from '../view/spans.ts'
import { differenceLines } from './difference.ts'
import { pointLines } from './point-list.ts'
import { pointsIn, type RollbackState } from './state.ts'

/** From here on the difference stands beside the points, and no longer below them. */
const WIDE = 140
/** From here on both are seen at once. */
const LEAST_HEIGHT = 12

export interface RollbackView {
  /** Exactly as many as the area is high. */
  readonly lines: readonly Spans[]
  /** How far the difference can be scrolled, and how many lines of it are seen at once. */
  readonly reach: number
  readonly page: number
}

/** The screen as lines. Pure. */
export function rollbackView(state: RollbackState, area: Area, now: Date, style: Style): RollbackView {
  const points = pointsIn(state)
  if (points.length === 0) return { lines: fill(nothing(state, area), area.height), reach: 0, page: 1 }
  if (state.isZoomed) return differencePane(state, area, now, style)
  if (area.height < LEAST_HEIGHT) return { lines: listPane(state, area, now, style), reach: 0, page: 1 }
  if (area.width >= WIDE && style.isLinear !== true) {
    const width = Math.floor(area.width * 0.45)
    const difference = differencePane(state, { ...area, width: area.width - width }, now, style)
    return { ...difference, lines: beside([listPane(state, { ...area, width }, now, style), difference.lines]) }
  }
  const height = Math.min(points.length + 3, Math.floor(area.height / 2))
  const difference = differencePane(state, { ...area, height: area.height - height }, now, style)
  return { ...difference, lines: [...listPane(state, { ...area, height }, now, style), ...difference.lines] }
}

function listPane(state: RollbackState, area: Area, now: Date, style: Style): readonly Spans[] {
  const points = pointsIn(state)
  const [head = [], ...rows] = pointLines(points, state.selected, now, area.width - 4, style)
  const room = Math.max(1, area.height - 3)
  const cursor = points.findIndex(({ release }) => release.id === state.selected)
  const top = Math.max(0, Math.min(cursor - room + 1, rows.length - room))
  return box('Rollback points', [head, ...rows.slice(top, top + room)], area, style)
}

function differencePane(state: RollbackState, area: Area, now: Date, style: Style): RollbackView {
  const lines = differenceLines(state, now, area.width - 4, style)
  const page = Math.max(1, area.height - 2)
  const reach = Math.max(0, lines.length - page)
  const top = Math.min(state.top, reach)
  const place = reach === 0 ? '' : ` ${top + 1}-${Math.min(lines.length, top + page)} of ${lines.length}`
  const title = state.restoresData ? 'Going back to it, data included' : 'Going back to it'
  return { lines: box(`${title}${place}`, lines.slice(top, top + page), area, style), reach, page }
}

function nothing({ points }: RollbackState, { width }: Area): readonly Spans[] {
  const text =
    points.kind === 'loading'
      ? 'Looking at the rollback points...'
      : points.kind === 'failed'
        ? `${points.message} ${points.hint ?? ''}`
        : 'Nothing has been deployed yet. Each deploy that is healthy makes a point that one can go back to.'
  return [[], ...paragraph(text.trim(), width - 1)]
}
