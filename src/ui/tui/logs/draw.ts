import { styleText } from 'node:util'
import { glyph, paint, paintNth, type Style, type Tone } from '../../cli/style.ts'
import { type Gutter, gutterOf, type Row, rowsOf } from './layout.ts'
import type { Level } from './level.ts'
import type { Span } from './query.ts'
import { cursorLine, type LogsState, type Viewed } from './view-state.ts'
import { columns, cut, endOfRow, padded } from './width.ts'

const TONES: { readonly [level in Level]: Tone | undefined } = {
  trace: 'quiet',
  debug: 'quiet',
  info: undefined,
  warn: 'warn',
  error: 'bad',
  fatal: 'bad',
}

/** The lines of the screen, `viewed.area.height` of them at most, none wider than the area. Work for what is seen, no more. */
export function drawRows(state: LogsState, viewed: Viewed, style: Style): readonly string[] {
  const rows = rowsOf(state, viewed)
  const gutter = gutterOf(state, viewed)
  const cursor = state.follows ? undefined : cursorLine(state, viewed)?.number
  const marks = new Set(state.marks.map(({ number }) => number))
  const searches = state.criteria.search.text !== '' && !state.criteria.search.inverse
  const spans = searches ? viewed.lines.spans(rows.map(({ line }) => line.text)) : []
  return rows.map((row, index) => {
    const { line, isFirst } = row
    const found = spans[index] ?? []
    if (!isFirst) return ' '.repeat(gutter.signs + gutter.stamp + gutter.label) + drawText(row, gutter, found, style)
    const sign = line.number === cursor ? '>' : ' '
    const mark = marks.has(line.number) ? '*' : found.length > 0 ? '~' : ' '
    return (
      paint(style, 'strong', sign) +
      paint(style, 'note', mark) +
      drawStamp(line.time, gutter, style) +
      drawLabel(line.source.service, gutter, viewed.services, style) +
      drawText(row, gutter, found, style)
    )
  })
}

/** UTC, as everywhere in `ddalab`. */
function drawStamp(time: number, { stamp }: Gutter, style: Style): string {
  return stamp === 0 ? '' : paint(style, 'quiet', padded(new Date(time).toISOString().slice(11, 23), stamp))
}

function drawLabel(service: string, { label }: Gutter, services: readonly string[], style: Style): string {
  return label === 0 ? '' : `${paintNth(style, Math.max(0, services.indexOf(service)), padded(service, label - 1))} `
}

function drawText(row: Row, { text: width }: Gutter, spans: readonly Span[], style: Style): string {
  const { line, start, moreBefore, moreAfter } = row
  const ellipsis = glyph(style, 'ellipsis')
  const before = moreBefore && width > 2 * columns(ellipsis) ? ellipsis : ''
  const after = moreAfter && width > 2 * columns(ellipsis) ? ellipsis : ''
  const whole = line.text.slice(start, row.end)
  const tail = cut(whole, width - columns(after))
  const from = start + hiddenBehind(before, tail)
  const to = start + tail.length
  const tone = line.level === undefined ? undefined : TONES[line.level]
  const plain = (text: string) => (tone === undefined ? text : paint(style, tone, text))
  let drawn = paint(style, 'quiet', before)
  let at = from
  for (const span of spans) {
    const begin = Math.max(at, span.start)
    const end = Math.min(to, span.end)
    if (begin >= end) continue
    drawn += plain(line.text.slice(at, begin)) + highlight(line.text.slice(begin, end), style)
    at = end
  }
  return drawn + plain(line.text.slice(at, to)) + paint(style, 'quiet', after)
}

/** How much of the text the sign on its left stands for: at least the columns that it takes, an accent on its own takes none. */
function hiddenBehind(sign: string, text: string): number {
  let hidden = 0
  while (hidden < text.length && columns(text.slice(0, hidden)) < columns(sign)) hidden = endOfRow(text, hidden, 1)
  return Math.min(hidden, text.length)
}

function highlight(text: string, style: Style): string {
  return style.colour ? styleText('inverse', text, { validateStream: false }) : text
}
