import stringWidth from 'string-width'
import { type Edit, edit, graphemes, insert, type Line, showLine } from '../../wizard/line.ts'
import { cut } from '../../wizard/view/text.ts'

/** Keys that a text of several rows reads in its own way. */
export type RowKey = Edit | 'up' | 'down' | 'offer'

/** What no config may hold: C0 but for the tab and the line feed, DEL, C1. */
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

/** The text after a key. Up, down, Home and End know rows; Ctrl-N begins another one. */
export function editRows(line: Line, key: RowKey): Line {
  const { text, cursor } = line
  const start = text.lastIndexOf('\n', cursor - 1) + 1
  const end = endOfRow(text, cursor)
  switch (key) {
    case 'offer':
      return insert(line, '\n')
    case 'home':
      return { text, cursor: start }
    case 'end':
      return { text, cursor: end }
    case 'up':
      return start === 0
        ? line
        : inRow(text, text.lastIndexOf('\n', start - 2) + 1, columnsOf(text.slice(start, cursor)))
    case 'down':
      return end === text.length ? line : inRow(text, end + 1, columnsOf(text.slice(start, cursor)))
    default:
      return edit(line, key)
  }
}

/** The text with what was pasted: line ends as `\n`, without control characters and without the last line end. */
export function pasteRows(line: Line, pasted: string): Line {
  const text = pasted.replace(/\r\n?/g, '\n').replace(CONTROLS, '').replace(/\n$/, '')
  return insert(line, text)
}

const endOfRow = (text: string, from: number) => {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

const columnsOf = (text: string) => stringWidth(text)

/** The place in the row that begins at `start` that is no further right than so many columns. */
function inRow(text: string, start: number, columns: number): Line {
  const row = text.slice(start, endOfRow(text, start))
  return { text, cursor: start + cut(row, columns).length }
}

/** The rows around the cursor, and where it stands in them: column and row. */
export interface ShownRows {
  readonly rows: readonly string[]
  readonly cursor: { readonly x: number; readonly y: number }
}

/** As many rows as fit, each cut to the width; `mask` stands for each character. */
export function showRows({ text, cursor }: Line, width: number, height: number, mask?: string): ShownRows {
  const rows = text.split('\n')
  const y = text.slice(0, cursor).split('\n').length - 1
  const start = text.lastIndexOf('\n', cursor - 1) + 1
  const top = Math.max(0, Math.min(y - height + 1, rows.length - height))
  const here = showLine({ text: rows[y] ?? '', cursor: cursor - start }, width, mask)
  const shown = rows.slice(top, top + height).map((row, index) => {
    if (top + index === y) return here.text
    return cut(mask === undefined ? row : mask.repeat(graphemes(row).length), Math.max(1, width - 1))
  })
  return { rows: shown, cursor: { x: here.cursor, y: y - top } }
}
