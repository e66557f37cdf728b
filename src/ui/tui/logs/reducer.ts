import type { LogsAction } from './actions.ts'
import { compareKeys, type LineKey } from './chunk.ts'
import { EVERYTHING } from './criteria.ts'
import { down, gutterOf, isBefore, keyOf, topFor, topOf, up } from './layout.ts'
import { copied, marked, markedTo, nextMark, saved } from './marks.ts'
import { changeInput, withCriteria } from './query-input.ts'
import { cursorLine, inputFor, type LogsEffect, type LogsState, type Viewed } from './view-state.ts'

export interface Reduced {
  readonly state: LogsState
  readonly effects: readonly LogsEffect[]
}

/** The next state, and what is to be done outside. Reads the lines, changes nothing. */
export function reduceLogs(state: LogsState, action: LogsAction, viewed: Viewed): Reduced {
  switch (action.type) {
    case 'copy':
      return copied(state, viewed)
    case 'submit':
      return submitted(state, viewed)
    // Nobody did anything: what was told stays until the next key.
    case 'judged':
      return { state: state.seeks ? toLastMatch(state, viewed) : state, effects: [] }
    default:
      return { state: next({ ...state, notice: undefined }, action, viewed), effects: [] }
  }
}

function next(
  state: LogsState,
  action: Exclude<LogsAction, { type: 'copy' | 'submit' | 'judged' }>,
  viewed: Viewed,
): LogsState {
  switch (action.type) {
    case 'follow':
      return state.follows ? paused(state, viewed) : followed(state)
    case 'move':
      return moved(state, action.lines, viewed)
    case 'page':
      return scrolled(state, Math.trunc(action.pages * viewed.area.height), viewed)
    case 'scroll':
      return scrolled(state, action.rows, viewed)
    case 'start':
      return onTo(state, viewed.lines.from(undefined), viewed)
    case 'end':
      return followed(state)
    case 'sideways':
      return state.wraps ? state : { ...state, column: Math.max(0, state.column + action.characters) }
    case 'match':
      return toMatch(state, action.direction, viewed)
    case 'mark':
      return marked(state, viewed)
    case 'markTo':
      return markedTo(state, viewed)
    case 'unmark':
      return { ...state, marks: [] }
    case 'toMark':
      return onTo(state, nextMark(state, action.direction, viewed), viewed)
    case 'wrap':
      return rewrapped({ ...state, wraps: !state.wraps, column: 0 })
    case 'timestamps':
      return rewrapped({ ...state, timestamps: !state.timestamps })
    case 'services':
      return withCriteria(state, { services: action.services })
    case 'level':
      return withCriteria(state, { level: action.level })
    case 'range': {
      const { milliseconds, now } = action
      return withCriteria(state, {
        since: milliseconds === undefined ? undefined : now - milliseconds,
        until: undefined,
      })
    }
    case 'between':
      return withCriteria(state, { since: action.since, until: action.until })
    case 'ask':
      return { ...state, input: inputFor(action.purpose, state.criteria) }
    case 'edit':
    case 'type':
    case 'queryMode':
    case 'inverse':
      return changeInput(state, action, viewed.services)
    case 'cancel':
      return state.input === undefined ? state : { ...state, input: undefined, criteria: state.input.before }
    case 'clear':
      return { ...state, criteria: { ...EVERYTHING, services: state.criteria.services }, seeks: false }
    case 'told':
      return { ...state, notice: action.notice }
  }
}

/** Stands still from now on, with what is on the screen. */
function paused(state: LogsState, viewed: Viewed): LogsState {
  if (!state.follows) return state
  const last = viewed.lines.upTo(undefined)
  return {
    ...state,
    follows: false,
    cursor: last && keyOf(last),
    top: topOf(state, viewed),
    seen: viewed.appended,
  }
}

function followed(state: LogsState): LogsState {
  return { ...state, follows: true, cursor: undefined, top: undefined, seeks: false }
}

/** Rows are others now: the first line stays the first. */
function rewrapped(state: LogsState): LogsState {
  return state.top === undefined ? state : { ...state, top: { key: state.top.key, row: 0 } }
}

function moved(state: LogsState, lines: number, viewed: Viewed): LogsState {
  const from = cursorLine(state, viewed)
  // There is nothing below the last line to move to.
  if (from === undefined || (state.follows && lines > 0)) return state
  const scroll = taller(state, lines, viewed)
  if (scroll !== undefined) return scroll
  let line = from
  for (let left = Math.abs(lines); left > 0; left -= 1) {
    const neighbour = lines > 0 ? viewed.lines.after(line) : viewed.lines.before(line)
    if (neighbour === undefined) break
    line = neighbour
  }
  return onTo(state, line, viewed)
}

/** A line that reaches beyond the screen is read row by row before the cursor leaves it. */
function taller(state: LogsState, lines: number, viewed: Viewed): LogsState | undefined {
  const line = cursorLine(state, viewed)
  const top = topOf(state, viewed)
  if (!state.wraps || line === undefined || top === undefined || compareKeys(top.key, line) !== 0) return undefined
  const still = paused(state, viewed)
  if (lines < 0) return top.row > 0 ? { ...still, top: { key: top.key, row: top.row - 1 } } : undefined
  const under = down(state, viewed, top, viewed.area.height)
  return compareKeys(under.key, line) === 0 && under.row - top.row >= viewed.area.height
    ? { ...still, top: { key: top.key, row: top.row + 1 } }
    : undefined
}

function scrolled(state: LogsState, rows: number, viewed: Viewed): LogsState {
  const still = paused(state, viewed)
  const top = topOf(still, viewed)
  const cursor = cursorLine(still, viewed)
  if (top === undefined || cursor === undefined) return state
  if (rows > 0) {
    const lower = { ...still, top: down(still, viewed, top, rows) }
    const shown = topOf(lower, viewed)
    // At the end already: then what comes is followed.
    if (shown === undefined || !isBefore(top, shown)) return followed(state)
    return { ...lower, top: shown, cursor: compareKeys(cursor, shown.key) < 0 ? shown.key : keyOf(cursor) }
  }
  const upper = up(still, viewed, top, -rows)
  const bottom = down(still, viewed, upper, viewed.area.height - 1).key
  return { ...still, top: upper, cursor: compareKeys(bottom, cursor) < 0 ? bottom : keyOf(cursor) }
}

/** The cursor on a line, and the line in sight. */
function onTo(state: LogsState, key: LineKey | undefined, viewed: Viewed): LogsState {
  if (key === undefined) return state
  const still = paused(state, viewed)
  return { ...still, cursor: keyOf(key), top: topFor(still, viewed, key), seeks: false }
}

function toMatch(state: LogsState, direction: 'next' | 'previous', viewed: Viewed): LogsState {
  if (state.criteria.search.text === '') return { ...state, notice: 'Nothing is searched: / begins.' }
  const cursor = cursorLine(state, viewed)
  const { lines } = viewed
  const found = cursor && (direction === 'next' ? lines.after(cursor, 'match') : lines.before(cursor, 'match'))
  if (found !== undefined) return matchInSight(onTo(state, found, viewed), viewed)
  const around = direction === 'next' ? lines.from(undefined, 'match') : lines.upTo(undefined, 'match')
  if (around === undefined) return { ...state, notice: 'No line matches.' }
  const notice =
    direction === 'next' ? 'The first match: there was none below.' : 'The last match: there was none above.'
  return { ...matchInSight(onTo(state, around, viewed), viewed), notice }
}

/** The match at the cursor or the nearest above it, for what happened last is looked for most; else the first below. */
function toLastMatch(state: LogsState, viewed: Viewed): LogsState {
  const cursor = cursorLine(state, viewed)
  const found = cursor && (viewed.lines.upTo(cursor, 'match') ?? viewed.lines.after(cursor, 'match'))
  return found === undefined ? { ...state, seeks: true } : matchInSight(onTo(state, found, viewed), viewed)
}

/** Where lines are not wrapped, the match may lie to the right of the screen. */
function matchInSight(state: LogsState, viewed: Viewed): LogsState {
  const line = cursorLine(state, viewed)
  const first = line && viewed.lines.spans([line.text])[0]?.[0]
  if (state.wraps || first === undefined) return state
  const { text: width } = gutterOf(state, viewed)
  if (first.start >= state.column && first.end <= state.column + width) return state
  return { ...state, column: first.end <= width ? 0 : Math.max(0, first.start - Math.floor(width / 3)) }
}

function submitted(state: LogsState, viewed: Viewed): Reduced {
  const { input } = state
  if (input === undefined) return { state, effects: [] }
  const done: LogsState = { ...state, input: undefined, notice: undefined }
  switch (input.purpose) {
    case 'search':
      return { state: state.criteria.search.text === '' ? done : toLastMatch(done, viewed), effects: [] }
    case 'filter':
    case 'services':
      return { state: done, effects: [] }
    case 'save':
      return saved(done, input.line.text.trim(), viewed)
  }
}
