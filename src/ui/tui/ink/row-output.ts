import { plainWidth } from './plain-width.ts'

/** Half-open, in cells; a side without a bound is open. */
interface Clip {
  readonly x1?: number | undefined
  readonly x2?: number | undefined
  readonly y1?: number | undefined
  readonly y2?: number | undefined
}

type Transformer = (line: string, index: number) => string

interface Write {
  readonly type: 'write'
  readonly x: number
  readonly y: number
  readonly text: string
  readonly transformers: readonly Transformer[]
}

type Operation = Write | { readonly type: 'clip'; readonly clip: Clip } | { readonly type: 'unclip' }

/** What Ink draws a frame on: it collects the texts, and makes the rows of the screen of them. */
export interface InkOutput {
  operations: Operation[]
  readonly width: number
  readonly height: number
  write(x: number, y: number, text: string, options: { readonly transformers: readonly Transformer[] }): void
  clip(clip: Clip): void
  unclip(): void
  get(): { readonly output: string; readonly height: number }
}

export type InkOutputClass = new (size: { readonly width: number; readonly height: number }) => InkOutput

/** A text in a row, from column `x` to before column `end`. */
interface Piece {
  readonly x: number
  readonly end: number
  readonly text: string
}

/** The pieces of a row, from left to right; undefined for a row that Ink is to draw. */
type Row = Piece[] | undefined

/**
 * Ink's output, with a short way for the rows that nearly all are: plain texts beside each other. Ink makes an object of each
 * cell and of each character, several times; at 200 by 50 that is megabytes a frame. A row in which texts lie upon each other,
 * are cut by a box, or have characters of another width than one is drawn by Ink itself.
 */
export function rowOutput(Ink: InkOutputClass): InkOutputClass {
  return class RowOutput extends Ink {
    override get() {
      const rows = layOut(this.operations, this.height)
      const drawn = rows.map((row, y) => (row === undefined ? this.#byInk(y) : textOf(row)))
      return { output: drawn.join('\n'), height: this.height }
    }

    #byInk(y: number): string {
      const row = new Ink({ width: this.width, height: 1 })
      row.operations = this.operations.flatMap((operation) => shiftedUp(operation, y))
      return row.get().output
    }
  }
}

function textOf(row: readonly Piece[]): string {
  let text = ''
  let column = 0
  for (const piece of row) {
    text += ' '.repeat(piece.x - column) + piece.text
    column = piece.end
  }
  return text.trimEnd()
}

function layOut(operations: readonly Operation[], height: number): readonly Row[] {
  const rows: Row[] = Array.from({ length: height }, () => [])
  const clips: Clip[] = []
  for (const operation of operations) {
    if (operation.type === 'clip') clips.push(within(clips.at(-1), operation.clip))
    else if (operation.type === 'unclip') clips.pop()
    else write(rows, operation, clips.at(-1))
  }
  return rows
}

function write(rows: Row[], { x, y, text, transformers }: Write, clip: Clip | undefined): void {
  const lines = text.split('\n')
  // What one line leaves open, the next one begins with.
  const goesOn = lines.length > 1 && text.includes('\u001B') && lines.some((line) => plainWidth(line) === undefined)
  for (const [index, line] of lines.entries()) {
    const place = y + index
    const row = rows[place]
    if (row === undefined || (clip !== undefined && isOutside(clip, place))) continue
    const drawn = transformers.reduce((before, transform) => transform(before, index), line)
    const width = goesOn ? undefined : plainWidth(drawn)
    if (width === 0) continue
    const piece = width === undefined ? undefined : { x, end: x + width, text: drawn }
    const isWhole = piece !== undefined && (clip === undefined || isInside(clip, x, line, piece))
    if (!isWhole || !put(row, piece)) rows[place] = undefined
  }
}

/** Whether it found a free place. Most come from left to right. */
function put(row: Piece[], piece: Piece): boolean {
  if (piece.x < 0 || !Number.isInteger(piece.x)) return false
  let index = row.length
  while (index > 0 && (row[index - 1]?.x ?? 0) >= piece.x) index -= 1
  const [before, after] = [row[index - 1], row[index]]
  if ((before !== undefined && before.end > piece.x) || (after !== undefined && after.x < piece.end)) return false
  row.splice(index, 0, piece)
  return true
}

/** Ink cuts by rows only where both bounds are given, and so with columns. */
function isOutside({ y1, y2 }: Clip, y: number): boolean {
  return y1 !== undefined && y2 !== undefined && (y < y1 || y >= y2)
}

/** Ink cuts the line before it is transformed. */
function isInside({ x1, x2 }: Clip, x: number, line: string, { end }: Piece): boolean {
  if (x1 === undefined || x2 === undefined) return true
  return x >= x1 && end <= x2 && x + (plainWidth(line) ?? Number.POSITIVE_INFINITY) <= x2
}

function within(outer: Clip | undefined, inner: Clip): Clip {
  if (outer === undefined) return inner
  return {
    x1: tighter(outer.x1, inner.x1, Math.max),
    x2: tighter(outer.x2, inner.x2, Math.min),
    y1: tighter(outer.y1, inner.y1, Math.max),
    y2: tighter(outer.y2, inner.y2, Math.min),
  }
}

function tighter(a: number | undefined, b: number | undefined, choose: (a: number, b: number) => number) {
  if (a === undefined || b === undefined) return a ?? b
  return choose(a, b)
}

/** The operation as it is for one row alone; nothing when it writes into others only. */
function shiftedUp(operation: Operation, y: number): readonly Operation[] {
  if (operation.type === 'unclip') return [operation]
  if (operation.type === 'clip') {
    const { y1, y2 } = operation.clip
    return [
      {
        type: 'clip',
        clip: { ...operation.clip, y1: y1 === undefined ? y1 : y1 - y, y2: y2 === undefined ? y2 : y2 - y },
      },
    ]
  }
  const height = operation.text.split('\n').length
  return operation.y > y || operation.y + height <= y ? [] : [{ ...operation, y: operation.y - y }]
}
