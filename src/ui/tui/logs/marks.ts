import { compareKeys, type Line, type LineKey } from './chunk.ts'
import { lineText, MOST_COPIED, wantedLines } from './effects.ts'
import { keyOf } from './layout.ts'
import { cursorLine, hasLabels, type LogsEffect, type LogsState, type Viewed } from './view-state.ts'

/** More are not read one by one; a filter and saving do that. */
const MOST_MARKS = 1_000

interface Reduced {
  readonly state: LogsState
  readonly effects: readonly LogsEffect[]
}

/** Marks the line of the cursor, or takes its mark away. */
export function marked(state: LogsState, viewed: Viewed): LogsState {
  const line = cursorLine(state, viewed)
  if (line === undefined) return state
  const others = state.marks.filter(({ number }) => number !== line.number)
  if (others.length < state.marks.length) return { ...state, marks: others }
  return withMarks(state, [keyOf(line)])
}

/** Marks all shown lines from the mark before the cursor, or else from the cursor, to the cursor. */
export function markedTo(state: LogsState, viewed: Viewed): LogsState {
  const end = cursorLine(state, viewed)
  if (end === undefined) return state
  const begin = state.marks.findLast((mark) => compareKeys(mark, end) < 0)
  const added: LineKey[] = [keyOf(end)]
  let line = begin && viewed.lines.before(end)
  for (; line !== undefined && begin !== undefined && added.length <= MOST_MARKS; line = viewed.lines.before(line)) {
    if (compareKeys(line, begin) <= 0) break
    added.push(keyOf(line))
  }
  return withMarks(state, added)
}

function withMarks(state: LogsState, added: readonly LineKey[]): LogsState {
  const marks = new Map([...state.marks, ...added].map((mark) => [mark.number, mark]))
  if (marks.size > MOST_MARKS) return { ...state, notice: `No more than ${MOST_MARKS} lines can be marked.` }
  return { ...state, marks: [...marks.values()].sort(compareKeys) }
}

/** The mark after or before the cursor that is still there. */
export function nextMark(state: LogsState, direction: 'next' | 'previous', viewed: Viewed): Line | undefined {
  const cursor = cursorLine(state, viewed)
  if (cursor === undefined) return undefined
  const marks = direction === 'next' ? state.marks : state.marks.toReversed()
  for (const mark of marks) {
    const order = compareKeys(mark, cursor)
    if (direction === 'next' ? order <= 0 : order >= 0) continue
    const line = viewed.lines.from(mark)
    if (line?.number === mark.number) return line
  }
  return undefined
}

/** The marked lines to the clipboard, without marks the one of the cursor. */
export function copied(state: LogsState, viewed: Viewed): Reduced {
  const cursor = cursorLine(state, viewed)
  const keys = state.marks.length > 0 ? state.marks : cursor === undefined ? [] : [keyOf(cursor)]
  const how = { timestamps: state.timestamps, labels: hasLabels(state, viewed) }
  const texts: string[] = []
  let bytes = 0
  if (keys.length > 0) {
    for (const line of wantedLines(keys, viewed.lines)) {
      const text = lineText(line, how)
      bytes += Buffer.byteLength(text) + 1
      if (bytes > MOST_COPIED) {
        return { state: { ...state, notice: 'Too much for the clipboard of a terminal: save it with s.' }, effects: [] }
      }
      texts.push(text)
    }
  }
  if (texts.length === 0) return { state: { ...state, notice: 'There is no line to copy.' }, effects: [] }
  const notice = texts.length === 1 ? 'Copied the line.' : `Copied ${texts.length} lines.`
  return { state: { ...state, notice }, effects: [{ type: 'copy', text: texts.join('\n'), lines: texts.length }] }
}

/** The marked lines to a file, without marks all that are shown. */
export function saved(state: LogsState, path: string, viewed: Viewed): Reduced {
  if (path === '') return { state: { ...state, notice: 'Not saved: a file needs a name.' }, effects: [] }
  const { marks, timestamps } = state
  return { state, effects: [{ type: 'save', path, marks, timestamps, labels: hasLabels(state, viewed) }] }
}
