import { type Line as EditedLine, EMPTY } from '../../wizard/line.ts'
import type { Line, LineKey } from './chunk.ts'
import { type Criteria, EVERYTHING } from './criteria.ts'
import type { Query } from './query.ts'
import type { ShownLines } from './search.ts'

/** The first row of the screen: a line, and how many of its rows are above. */
export interface Top {
  readonly key: LineKey
  readonly row: number
}

export type Purpose = 'search' | 'filter' | 'services' | 'save'

/** A text that is being typed; what it searches or filters by counts at once. */
export interface Input {
  readonly purpose: Purpose
  readonly line: EditedLine
  /** What Esc goes back to. */
  readonly before: Criteria
}

export interface LogsState {
  /** Stays at the end as lines come; otherwise the lines stand still, whatever comes. */
  readonly follows: boolean
  /** Both undefined while following: the last line, at the bottom. */
  readonly cursor: LineKey | undefined
  readonly top: Top | undefined
  /** Characters of each line left of the screen, where lines are not wrapped. */
  readonly column: number
  readonly wraps: boolean
  readonly timestamps: boolean
  readonly criteria: Criteria
  /** In order of time. */
  readonly marks: readonly LineKey[]
  readonly input: Input | undefined
  /** Lines that had come when the view was paused. */
  readonly seen: number
  /** A jump to a match waits until one is found: matches are found in slices. */
  readonly seeks: boolean
  readonly notice: string | undefined
}

export const START: LogsState = {
  follows: true,
  cursor: undefined,
  top: undefined,
  column: 0,
  wraps: false,
  timestamps: true,
  criteria: EVERYTHING,
  marks: [],
  input: undefined,
  seen: 0,
  seeks: false,
  notice: undefined,
}

/** What the view is of, as it is now. */
export interface Viewed {
  readonly lines: ShownLines
  /** The room for lines, the line of state below them not included. */
  readonly area: { readonly width: number; readonly height: number }
  /** Names that stand before lines. */
  readonly services: readonly string[]
  /** Lines that ever came. */
  readonly appended: number
}

/** What is to be done outside, as data. */
export type LogsEffect =
  /** To the clipboard: see `clipboardSequence`. */
  | { readonly type: 'copy'; readonly text: string; readonly lines: number }
  /** To a file: `savedText` gives the text in pieces. */
  | {
      readonly type: 'save'
      readonly path: string
      /** Empty: all lines that are shown. */
      readonly marks: readonly LineKey[]
      readonly timestamps: boolean
      readonly labels: boolean
    }

/** The line that the cursor is on; of those that are shown the nearest when it is hidden or gone. */
export function cursorLine({ cursor }: Pick<LogsState, 'cursor'>, { lines }: Pick<Viewed, 'lines'>): Line | undefined {
  return cursor === undefined ? lines.upTo(undefined) : (lines.from(cursor) ?? lines.upTo(cursor))
}

/** Names before lines say nothing where there is only one. */
export function hasLabels({ criteria }: Pick<LogsState, 'criteria'>, { services }: Pick<Viewed, 'services'>): boolean {
  return (criteria.services.length === 0 ? services : criteria.services).length > 1
}

/** An input for a purpose, with what was typed for it before. */
export function inputFor(purpose: Purpose, criteria: Criteria): Input {
  const text = textFor(purpose, criteria)
  return { purpose, line: text === '' ? EMPTY : { text, cursor: text.length }, before: criteria }
}

function textFor(purpose: Purpose, criteria: Criteria): string {
  if (purpose === 'save') return ''
  return purpose === 'services' ? criteria.services.join(' ') : criteria[purpose].text
}

/** The query that is typed for a purpose; undefined where none is. */
export function queryFor(purpose: Purpose, criteria: Criteria): Query | undefined {
  return purpose === 'search' || purpose === 'filter' ? criteria[purpose] : undefined
}
