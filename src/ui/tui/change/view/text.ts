import type { Tone } from '../../../cli/style.ts'
import { wrap } from '../../../wizard/view/text.ts'
import { clean, type Spans } from '../../view/spans.ts'

/** Text in lines of at most so many columns; all but the first of each begin further in. */
export function textLines(text: string, width: number, tone?: Tone, indent = 0, hanging = 2): readonly Spans[] {
  return text.split('\n').flatMap((line) => {
    const [first = '', ...rest] = wrap(clean(line), Math.max(1, width - indent - hanging))
    const spans = (part: string, by: number): Spans => [
      { text: ' '.repeat(by) },
      { text: part, ...(tone !== undefined && { tone }) },
    ]
    return [spans(first, indent), ...rest.map((part) => spans(part, indent + hanging))]
  })
}
