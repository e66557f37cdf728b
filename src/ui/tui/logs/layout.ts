import { compareKeys, type Line, type LineKey } from './chunk.ts'
import { cursorLine, hasLabels, type LogsState, type Top, type Viewed } from './view-state.ts'
import { columns, endOfRow, isHalf, rowStarts } from './width.ts'

/** As much of a line is wrapped; the rest is reached with wrapping off, so that no line takes the whole view for itself. */
const WRAPPED = 8_192
/** `09:14:01.123 `. */
const STAMP = 13
const LONGEST_LABEL = 16
/** Signs of the cursor and of marks. */
const SIGNS = 2
const LEAST_TEXT = 8

/** Columns of the parts of a row. */
export interface Gutter {
  readonly signs: number
  readonly stamp: number
  readonly label: number
  readonly text: number
}

/** A row of the screen: the part of a line from `start` to `end`. */
export interface Row {
  readonly line: Line
  /** The first row of its line has signs, time and label. */
  readonly isFirst: boolean
  readonly start: number
  readonly end: number
  /** More of the line is left of the row, or right of it or below and not reached by wrapping. */
  readonly moreBefore: boolean
  readonly moreAfter: boolean
}

/** On narrow terminals first the time goes, then the label. */
export function gutterOf(state: LogsState, viewed: Viewed): Gutter {
  const { width } = viewed.area
  const names = hasLabels(state, viewed) ? viewed.services : []
  const label = names.length === 0 ? 0 : Math.min(LONGEST_LABEL, Math.max(...names.map(columns))) + 1
  const hasStamp = state.timestamps && width - SIGNS - STAMP - label >= 2 * LEAST_TEXT
  const hasLabel = width - SIGNS - label >= 2 * LEAST_TEXT
  const stamp = hasStamp ? STAMP : 0
  const shownLabel = hasLabel ? label : 0
  return { signs: SIGNS, stamp, label: shownLabel, text: Math.max(1, width - SIGNS - stamp - shownLabel) }
}

/** Offsets at which the rows of a line start. */
function startsOf({ text }: Line, { wraps, column }: LogsState, width: number): readonly number[] {
  if (!wraps) return [isHalf(text, column) ? column + 1 : column]
  return rowStarts(text.length > WRAPPED ? text.slice(0, WRAPPED) : text, width, WRAPPED)
}

/** The rows that are to be seen, from the top on. Looks at no more lines than fit on the screen. */
export function rowsOf(state: LogsState, viewed: Viewed): readonly Row[] {
  const { height } = viewed.area
  const { text: width } = gutterOf(state, viewed)
  const rows: Row[] = []
  const top = topOf(state, viewed)
  let line = top === undefined ? undefined : viewed.lines.from(top.key)
  let skip = line !== undefined && top !== undefined && compareKeys(line, top.key) === 0 ? top.row : 0
  while (line !== undefined && rows.length < height) {
    const starts = startsOf(line, state, width)
    for (let at = Math.min(skip, starts.length - 1); at < starts.length && rows.length < height; at += 1) {
      const start = Math.min(starts[at] ?? 0, line.text.length)
      const end = Math.min(starts[at + 1] ?? endOfRow(line.text, start, width), line.text.length)
      const moreAfter = at === starts.length - 1 && end < line.text.length
      rows.push({ line, isFirst: at === 0, start, end, moreBefore: !state.wraps && start > 0, moreAfter })
    }
    skip = 0
    line = viewed.lines.after(line)
  }
  return rows
}

/** Where the screen begins. While following, and where too little is left below, so that the last line is at the bottom. */
export function topOf(state: LogsState, viewed: Viewed): Top | undefined {
  const last = viewed.lines.upTo(undefined)
  if (last === undefined) return undefined
  const lowest = lowestTop(state, viewed, last)
  if (state.follows || state.top === undefined) return lowest
  return isBefore(state.top, lowest) ? state.top : lowest
}

function lowestTop(state: LogsState, viewed: Viewed, last: Line): Top {
  const { text: width } = gutterOf(state, viewed)
  const row = startsOf(last, state, width).length - 1
  return up(state, viewed, { key: keyOf(last), row }, viewed.area.height - 1)
}

export const keyOf = ({ time, number }: LineKey): LineKey => ({ time, number })
export const isBefore = (a: Top, b: Top): boolean => (compareKeys(a.key, b.key) || a.row - b.row) < 0

/** So many rows further up; the first row of all when there are not so many. */
export function up(state: LogsState, viewed: Viewed, from: Top, rows: number): Top {
  const { text: width } = gutterOf(state, viewed)
  let { key, row } = from
  for (let left = rows; left > 0; ) {
    if (row >= left) return { key, row: row - left }
    left -= row + 1
    const line = viewed.lines.before(key)
    if (line === undefined) return { key, row: 0 }
    key = keyOf(line)
    row = startsOf(line, state, width).length - 1
  }
  return { key, row }
}

/** So many rows further down; the last row of all when there are not so many. */
export function down(state: LogsState, viewed: Viewed, from: Top, rows: number): Top {
  const { text: width } = gutterOf(state, viewed)
  let { key, row } = from
  for (let left = rows; left > 0; ) {
    const line = viewed.lines.from(key)
    if (line === undefined) return { key, row }
    const last = startsOf(line, state, width).length - 1
    if (row + left <= last) return { key: keyOf(line), row: row + left }
    const next = viewed.lines.after(line)
    if (next === undefined) return { key: keyOf(line), row: last }
    left -= last - row + 1
    key = keyOf(next)
    row = 0
  }
  return { key, row }
}

/** The top that has the line of the cursor on the screen, and moves no further than that needs. */
export function topFor(state: LogsState, viewed: Viewed, cursor: LineKey): Top | undefined {
  const top = topOf(state, viewed)
  const line = cursorLine({ cursor }, viewed)
  if (top === undefined || line === undefined) return top
  const first: Top = { key: keyOf(line), row: 0 }
  if (isBefore(first, top)) return first
  const { text: width } = gutterOf(state, viewed)
  const last: Top = { key: first.key, row: startsOf(line, state, width).length - 1 }
  const needed = up(state, viewed, last, viewed.area.height - 1)
  if (!isBefore(top, needed)) return top
  return isBefore(first, needed) ? first : needed
}
