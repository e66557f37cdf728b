import stringWidth from 'string-width'
import { glyph, paint, type Style, type Tone } from './style.ts'

export type Cell = string | { readonly text: string; readonly tone: Tone }

export interface Column {
  readonly header: string
  readonly align?: 'left' | 'right'
  /** Columns with a higher number give up width first; 0 (default) is never cut. */
  readonly shrink?: number
}

const GAP = '  '
const NARROWEST = 6

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

/** Cut to a width in columns, with an ellipsis; wide characters count two. */
export function truncate(text: string, width: number, style: Style): string {
  if (stringWidth(text) <= width) return text
  const ellipsis = glyph(style, 'ellipsis')
  const room = width - ellipsis.length
  if (room <= 0) return ellipsis.slice(0, Math.max(0, width))
  let cut = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment)
    if (used > room) break
    cut += segment
  }
  return cut + ellipsis
}

/**
 * Widths that fit: columns shrink in the order of their `shrink` number, down to six columns each. Undefined when that is
 * not enough and a column has to go.
 */
function fitWidths(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): readonly number[] | undefined {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - available
  for (const { index } of byShrink(columns)) {
    if (excess <= 0) break
    const width = widths[index] ?? 0
    const given = Math.min(excess, Math.max(0, width - NARROWEST))
    widths[index] = width - given
    excess -= given
  }
  return excess > 0 ? undefined : widths
}

/** Columns that may shrink, the first to give up first. */
function byShrink(columns: readonly Column[]): { readonly index: number; readonly shrink: number }[] {
  return columns
    .map((column, index) => ({ index, shrink: column.shrink ?? 0 }))
    .filter(({ shrink }) => shrink > 0)
    .sort((a, b) => b.shrink - a.shrink)
}

/** A table without borders; lines carry no trailing spaces. On a terminal too narrow for all columns some are left out. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: Style): string {
  const natural = columns.map((column, index) =>
    Math.max(stringWidth(column.header), ...rows.map((row) => stringWidth(textOf(row[index] ?? '')))),
  )
  const fitting = fitWidths(columns, natural, style.width)
  const dropped = fitting === undefined ? byShrink(columns)[0]?.index : undefined
  if (dropped !== undefined) {
    const without = <T>(items: readonly T[]): T[] => items.filter((_, index) => index !== dropped)
    return renderTable(without(columns), rows.map(without), style)
  }
  const widths = fitting ?? natural
  const line = (cells: readonly Cell[]): string =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? ''
        const width = widths[index] ?? 0
        const text = truncate(textOf(cell), width, style)
        const painted = typeof cell === 'string' ? text : paint(style, cell.tone, text)
        const pad = ' '.repeat(Math.max(0, width - stringWidth(text)))
        return column.align === 'right' ? pad + painted : painted + pad
      })
      .join(GAP)
      .trimEnd()
  const header = line(columns.map((column): Cell => ({ text: column.header, tone: 'quiet' })))
  return [header, ...rows.map(line)].join('\n')
}
