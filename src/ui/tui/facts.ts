import type { Tone } from '../cli/style.ts'
import { wrap } from '../wizard/view/text.ts'
import type { Spans } from './view/spans.ts'

/** Columns of the names before the facts. */
const NAMES = 10

/** A name and what there is to say of it. */
export const fact = (name: string, text: string): Spans => [{ text: name.padEnd(NAMES), tone: 'quiet' }, { text }]

/** A fact whose text goes on below itself, in lines of at most `width` columns. */
export function longFact(name: string, text: string, width: number, tone?: Tone): readonly Spans[] {
  return wrap(text, Math.max(10, width - NAMES)).map((line, index) => [
    { text: (index === 0 ? name : '').padEnd(NAMES), tone: 'quiet' },
    { text: line, tone },
  ])
}

/** A text in lines of at most `width` columns. */
export function paragraph(text: string, width: number, tone?: Tone): readonly Spans[] {
  return wrap(text, width).map((line): Spans => [{ text: line, tone }])
}
