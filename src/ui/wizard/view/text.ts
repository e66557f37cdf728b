import stringWidth from 'string-width'
import { paint, type Style, type Tone } from '../../cli/style.ts'
import { graphemes } from '../line.ts'

/** A piece of a line in one tone. */
export interface Span {
  readonly text: string
  readonly tone?: Tone
}

export type Spans = readonly Span[]

/** The spans as a text that is no wider than so many columns. */
export function paintLine(spans: Spans, width: number, style: Style): string {
  let room = width
  let line = ''
  for (const { text, tone } of spans) {
    const kept = cut(text, room)
    room -= stringWidth(kept)
    line += tone === undefined ? kept : paint(style, tone, kept)
    if (kept !== text) break
  }
  return line
}

/** As much of a text as fits. */
export function cut(text: string, width: number): string {
  let kept = ''
  let room = width
  for (const grapheme of graphemes(text)) {
    room -= stringWidth(grapheme)
    if (room < 0) break
    kept += grapheme
  }
  return kept
}

/** A text in lines of at most so many columns, broken between words; a word that is too long is broken anywhere. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (stringWidth(joined) <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (stringWidth(line) > width) {
      const part = cut(line, Math.max(1, width)) || (graphemes(line)[0] ?? line)
      lines.push(part)
      line = line.slice(part.length)
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line]
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
