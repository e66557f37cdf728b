import stringWidth from 'string-width'
import { foreignText } from '../../cli/foreign-text.ts'
import { glyph, paint, type Style, type Tone } from '../../cli/style.ts'
import { cut } from '../../wizard/view/text.ts'
import type { ScreenId } from '../screens.ts'

/** A piece of a line in one tone; with `link` a terminal that knows links opens it. */
export interface Span {
  readonly text: string
  readonly tone?: Tone | undefined
  readonly link?: string | undefined
  /** What a click on it means. */
  readonly hit?: Hit
}

export type Hit =
  | { readonly kind: 'screen'; readonly id: ScreenId }
  | { readonly kind: 'service'; readonly name: string }

export type Spans = readonly Span[]

export interface Area {
  readonly width: number
  readonly height: number
}

/** A text from anywhere as one line that steers no terminal. */
export function clean(text: string): string {
  return foreignText(text.replaceAll(/[\t\r\n]+/g, ' '), SCREEN)
}
/** What is drawn here goes to a terminal, whatever else is known of it. */
const SCREEN: Style = { colour: false, unicode: true, width: 80 }

export function widthOf(spans: Spans): number {
  return spans.reduce((sum, { text }) => sum + stringWidth(clean(text)), 0)
}

/** The spans in exactly so many columns: cut with an ellipsis, or filled with spaces. */
export function fitted(spans: Spans, width: number, style: Style): Spans {
  const safe = spans.map((span) => ({ ...span, text: clean(span.text) }))
  const excess = widthOf(safe) - width
  if (excess <= 0) return [...safe, { text: ' '.repeat(-excess) }]
  const ellipsis = glyph(style, 'ellipsis')
  let room = width - stringWidth(ellipsis)
  const kept: Span[] = []
  for (const span of safe) {
    const text = cut(span.text, Math.max(0, room))
    room -= stringWidth(text)
    kept.push({ ...span, text })
    if (text !== span.text) break
  }
  const mark = cut(ellipsis, width)
  return [...kept, { text: mark + ' '.repeat(Math.max(0, width - widthOf(kept) - stringWidth(mark))) }]
}

/** A line as it is written: no control character but those of our own colours and links. */
export function draw(spans: Spans, width: number, style: Style): string {
  return fitted(spans, width, style)
    .map(({ text, tone, link }) => linked(tone === undefined ? text : paint(style, tone, text), link))
    .join('')
    .trimEnd()
}

/** OSC 8. */
function linked(text: string, link: string | undefined): string {
  return link === undefined ? text : `\u001B]8;;${clean(link)}\u0007${text}\u001B]8;;\u0007`
}

/** What is at a place: a column and a row from 0. */
export function hitAt(lines: readonly Spans[], x: number, y: number): Hit | undefined {
  let right = 0
  for (const span of lines[y] ?? []) {
    right += widthOf([span])
    if (x < right) return span.hit
  }
  return undefined
}

/** Lines in exactly so many rows. */
export function fill(lines: readonly Spans[], height: number): readonly Spans[] {
  return [...lines.slice(0, height), ...Array<Spans>(Math.max(0, height - lines.length)).fill([])]
}

const CORNERS = [
  { topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', across: '─', down: '│' },
  { topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', across: '-', down: '|' },
] as const

/** Lines in a frame with a title. The area is that of the whole. */
export function box(title: string, lines: readonly Spans[], { width, height }: Area, style: Style): readonly Spans[] {
  if (style.isLinear === true) return [[{ text: title, tone: 'strong' }], ...lines]
  const edge = CORNERS[style.unicode ? 0 : 1]
  const inner = Math.max(0, width - 4)
  const name = cut(clean(title), Math.max(0, width - 5))
  const quiet = (text: string): Span => ({ text, tone: 'quiet' })
  return [
    [
      quiet(`${edge.topLeft}${edge.across}`),
      { text: ` ${name} `, tone: 'strong' },
      quiet(edge.across.repeat(Math.max(0, width - 5 - stringWidth(name))) + edge.topRight),
    ],
    ...fill(lines, height - 2).map((line) => [
      quiet(`${edge.down} `),
      ...fitted(line, inner, style),
      quiet(` ${edge.down}`),
    ]),
    [quiet(edge.bottomLeft + edge.across.repeat(Math.max(0, width - 2)) + edge.bottomRight)],
  ]
}

/** Blocks of the same height side by side. */
export function beside(blocks: readonly (readonly Spans[])[]): readonly Spans[] {
  const [first = []] = blocks
  return first.map((_, row) => blocks.flatMap((block) => block[row] ?? []))
}
