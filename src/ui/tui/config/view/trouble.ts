import type { Problem } from '../../../../core/errors.ts'
import { formatPlace } from '../../../cli/errors.ts'
import type { Spans } from '../../view/spans.ts'
import type { Trouble } from '../model.ts'
import { toned } from './detail.ts'

/** All that is wrong, each with its place and what to do. */
export function troubleLines(
  { message, hint, place, problems = [], nextSteps = [] }: Trouble,
  width: number,
): readonly Spans[] {
  return [
    ...toned(message, width, 'bad'),
    ...(place === undefined ? [] : toned(`at ${formatPlace(place)}`, width, 'note')),
    ...problems.flatMap((problem) => problemLines(problem, width)),
    ...(hint === undefined ? [] : toned(hint, width)),
    ...nextSteps.flatMap((step) => toned(step, width, 'strong')),
  ]
}

function problemLines({ message, hint, place }: Problem, width: number): readonly Spans[] {
  return [
    ...(place === undefined ? [] : toned(formatPlace(place), width, 'note')),
    ...toned(`  ${message}`, width, 'bad'),
    ...(hint === undefined ? [] : toned(`  ${hint}`, width, 'quiet')),
  ]
}
