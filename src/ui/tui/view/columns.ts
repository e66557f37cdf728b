import type { Style } from '../../cli/style.ts'
import { fitted, type Spans, widthOf } from './spans.ts'

/** A column of a table on the screen. */
export interface Column {
  readonly header: string
  readonly cells: readonly Spans[]
  readonly align?: 'left' | 'right'
  /** Those with a higher number go first when the screen is narrow; 0 stays. */
  readonly rank: number
}

const GAP = 2

/** The head and the rows of a table, with as many columns as there is room for. */
export function tableLines(columns: readonly Column[], width: number, style: Style): readonly Spans[] {
  const widths = columns.map(({ header, cells }) => Math.max(header.length, ...cells.map(widthOf)))
  const total = widths.reduce((sum, one) => sum + one, GAP * (columns.length - 1))
  const last = columns.findLast(({ rank }) => rank === Math.max(...columns.map((column) => column.rank)))
  if (total > width && last !== undefined && last.rank > 0) {
    return tableLines(
      columns.filter((column) => column !== last),
      width,
      style,
    )
  }
  const line = (cellOf: (column: Column) => Spans): Spans =>
    columns.flatMap((column, index) => {
      const cell = cellOf(column)
      const room = widths[index] ?? 0
      const before = column.align === 'right' ? ' '.repeat(Math.max(0, room - widthOf(cell))) : ''
      return [{ text: before }, ...fitted(cell, room - before.length, style), { text: ' '.repeat(GAP) }]
    })
  const rows = columns[0]?.cells.map((_, row) => line(({ cells }) => cells[row] ?? [])) ?? []
  return [line(({ header }) => [{ text: header, tone: 'quiet' }]), ...rows]
}
