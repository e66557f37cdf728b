import type { Tone } from '../../../cli/style.ts'
import { wrap } from '../../../wizard/view/text.ts'
import { clean, type Spans } from '../../view/spans.ts'

/** Text in lines of at most so many columns; its own indentation stays, and all but the first of each begin further in. */
export function textLines(text: string, width: number, tone?: Tone, indent = 0, hanging = 2): readonly Spans[] {
  return text.split('\n').flatMap((line) => {
    const shown = clean(line)
    const own = indent + shown.length - shown.trimStart().length
    const [first = '', ...rest] = wrap(shown.trimStart(), Math.max(1, width - own - hanging))
    const spans = (part: string, by: number): Spans => [
      { text: ' '.repeat(by) },
      { text: part, ...(tone !== undefined && { tone }) },
    ]
    return [spans(first, own), ...rest.map((part) => spans(part, own + hanging))]
  })
}
