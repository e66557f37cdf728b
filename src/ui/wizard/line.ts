import stringWidth from 'string-width'

/** A line of text that is being edited. `cursor` is an offset in `text`, always between two graphemes. */
export interface Line {
  readonly text: string
  readonly cursor: number
}

export const EMPTY: Line = { text: '', cursor: 0 }

export type Edit =
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'backspace'
  | 'delete'
  | 'deleteWord'
  | 'deleteToStart'
  | 'deleteToEnd'

const EDITS: ReadonlySet<string> = new Set<Edit>([
  ...(['left', 'right', 'home', 'end', 'backspace', 'delete'] as const),
  ...(['deleteWord', 'deleteToStart', 'deleteToEnd'] as const),
])

export function isEdit(key: string): key is Edit {
  return EDITS.has(key)
}

/** What a person takes for one character: also a letter with its accents, a family of emoji. */
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export function graphemes(text: string): readonly string[] {
  return [...GRAPHEMES.segment(text)].map(({ segment }) => segment)
}

/** The line with the text, the cursor at its end. */
export function lineOf(text: string): Line {
  return { text, cursor: text.length }
}

/** The line with `added` at its cursor, which is then behind it. */
export function insert({ text, cursor }: Line, added: string): Line {
  const joined = text.slice(0, cursor) + added + text.slice(cursor)
  // What was added may have become part of its neighbour.
  return { text: joined, cursor: boundaryFrom(joined, cursor + added.length) }
}

export function edit(line: Line, how: Edit): Line {
  const { text, cursor } = line
  switch (how) {
    case 'left':
      return { text, cursor: before(text, cursor) }
    case 'right':
      return { text, cursor: after(text, cursor) }
    case 'home':
      return { text, cursor: 0 }
    case 'end':
      return { text, cursor: text.length }
    case 'backspace':
      return cut(text, before(text, cursor), cursor)
    case 'delete':
      return cut(text, cursor, after(text, cursor))
    case 'deleteWord':
      return cut(text, text.slice(0, cursor).trimEnd().search(/\S*$/), cursor)
    case 'deleteToStart':
      return cut(text, 0, cursor)
    case 'deleteToEnd':
      return cut(text, cursor, text.length)
  }
}

function cut(text: string, from: number, to: number): Line {
  const left = text.slice(0, from) + text.slice(to)
  return { text: left, cursor: boundaryFrom(left, from) }
}

const boundaries = (text: string): readonly number[] => [
  ...[...GRAPHEMES.segment(text)].map(({ index }) => index),
  text.length,
]
const boundaryFrom = (text: string, offset: number): number =>
  boundaries(text).find((boundary) => boundary >= offset) ?? text.length
const before = (text: string, cursor: number): number => boundaries(text).findLast((boundary) => boundary < cursor) ?? 0
const after = (text: string, cursor: number): number =>
  boundaries(text).find((boundary) => boundary > cursor) ?? text.length

/** How a line is shown: as much as fits around the cursor, and where the cursor stands in it, in columns. */
export interface ShownLine {
  readonly text: string
  readonly cursor: number
}

/** Cuts a line to a width, in columns, so that the cursor and what is before it stay in sight. `mask` stands for each grapheme. */
export function showLine({ text, cursor }: Line, width: number, mask?: string): ShownLine {
  const shown = (part: string): readonly string[] =>
    mask === undefined ? graphemes(part) : graphemes(part).map(() => mask)
  const left = shown(text.slice(0, cursor))
  const right = shown(text.slice(cursor))
  // A column is kept free for the cursor behind the last character.
  const room = Math.max(1, width - 1)
  const leftShown = takeFromEnd(left, room)
  const rightShown = takeFromStart(right, room - stringWidth(leftShown))
  return { text: leftShown + rightShown, cursor: stringWidth(leftShown) }
}

function takeFromStart(parts: readonly string[], room: number): string {
  let taken = ''
  let width = 0
  for (const part of parts) {
    width += stringWidth(part)
    if (width > room) break
    taken += part
  }
  return taken
}

function takeFromEnd(parts: readonly string[], room: number): string {
  let taken = ''
  let width = 0
  for (const part of parts.toReversed()) {
    width += stringWidth(part)
    if (width > room) break
    taken = part + taken
  }
  return taken
}
