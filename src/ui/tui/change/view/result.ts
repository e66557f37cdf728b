import type { Status } from '../../../../core/actions/status.ts'
import type { ErrorData } from '../../../../core/errors.ts'
import { formatPlace } from '../../../cli/errors.ts'
import { formatDuration } from '../../../cli/format.ts'
import { glyph, type Style } from '../../../cli/style.ts'
import { INSTANCE, imageTag, SERVICE } from '../../view/look.ts'
import type { Spans } from '../../view/spans.ts'
import { requestWords } from '../request.ts'
import type { EndedStage } from '../state.ts'
import { stepLines } from './progress.ts'
import type { Around } from './screen.ts'
import { textLines } from './text.ts'

const heading = (text: string): Spans => [{ text, tone: 'strong' }]

/** What came of a change: how it ended and why, what runs now, what was undone, what to do. */
export function resultLines(
  stage: EndedStage,
  { snapshot, commandLine }: Around,
  width: number,
  style: Style,
): readonly Spans[] {
  const { end, elapsedMs, run } = stage
  // What was seen while the change was under way is not how things are now.
  const present = snapshot?.status.operation === null ? snapshot.status : undefined
  const took = `after ${formatDuration(elapsedMs)}`
  const steps = stepLines(run, style, 0).lines
  const all = steps.length === 0 ? [] : [[], heading('Steps'), ...steps]
  if (end.kind === 'failed') {
    const undone = [...run.steps.values()].filter(({ status }) => status === 'undone')
    return [
      ...errorLines(end.error, headOf(stage, took), commandLine, width, style),
      ...(undone.length === 0
        ? []
        : [
            [],
            heading('Undone'),
            ...undone.flatMap(({ title }) => textLines(`${glyph(style, 'undone')} ${title}`, width)),
          ]),
      ...runningLines(present, style),
      ...all,
    ]
  }
  const [sign, text] = end.isChanged
    ? (['done', `Done ${took}`] as const)
    : (['done', 'Nothing needed to change'] as const)
  return [
    [{ text: `${glyph(style, sign)} ${text}: `, tone: 'good' }, { text: commandLine(requestWords(stage.request)) }],
    ...end.notes.flatMap((note) => textLines(note, width, undefined, 2, 0)),
    ...end.warnings.flatMap((warning) => textLines(`${glyph(style, 'warning')} ${warning}`, width, 'warn')),
    ...runningLines(present ?? end.status ?? undefined, style),
    ...all,
  ]
}

function headOf({ run, isCancelled, end }: EndedStage, took: string): string {
  if (end.kind === 'failed' && end.error.code === 'ROLLBACK_FAILED')
    return `Failed ${took}, and not all could be undone`
  if (run.steps.size === 0) return isCancelled ? 'Cancelled: nothing was changed' : 'Nothing was changed'
  return isCancelled ? `Cancelled and undone ${took}` : `Failed ${took}`
}

/** An error with its evidence and what to do about it. */
export function errorLines(
  error: ErrorData,
  head: string,
  commandLine: Around['commandLine'],
  width: number,
  style: Style,
): readonly Spans[] {
  const { message, hint, nextSteps = [], place, problems = [], details = [] } = error
  const arrow = glyph(style, 'hint')
  return [
    ...textLines(`${glyph(style, 'failed')} ${head}`, width, 'bad'),
    ...textLines(message, width, undefined, 2, 0),
    ...(place === undefined ? [] : textLines(`at ${formatPlace(place)}`, width, 'note', 2)),
    ...problems.flatMap((problem) => [
      ...textLines(
        [...(problem.place === undefined ? [] : [formatPlace(problem.place)]), problem.message].join('  '),
        width,
        undefined,
        2,
      ),
      ...(problem.hint === undefined ? [] : textLines(`${arrow} ${problem.hint}`, width, 'quiet', 4)),
    ]),
    ...(details.length === 0 ? [] : [[], ...details.flatMap((line) => textLines(`| ${line}`, width, 'quiet', 2))]),
    ...(hint === undefined && nextSteps.length === 0 ? [] : [[], heading('What to do')]),
    ...(hint === undefined ? [] : textLines(`${arrow} ${hint}`, width, 'warn', 2)),
    ...nextSteps.flatMap((step) => textLines(commandLine(step.replace(/^ddalab /, '')), width, 'note', 4)),
  ]
}

/** What runs. */
function runningLines(status: Status | undefined, style: Style): readonly Spans[] {
  if (status === undefined) return []
  const { state, services, addresses } = status
  const { sign, tone } = INSTANCE[state]
  const longest = Math.max(0, ...services.map(({ name }) => name.length))
  return [
    [],
    [
      { text: 'Now ', tone: 'strong' },
      { text: `${glyph(style, sign)} ${state}`, tone },
      { text: `  ${addresses.join('  ')}` },
    ],
    ...services.map(
      ({ name, state: how, health, image }): Spans => [
        { text: `  ${glyph(style, SERVICE[how].sign)} `, tone: SERVICE[how].tone },
        {
          text: `${name.padEnd(longest)}  ${how}${health === 'none' || health === 'healthy' || health === how ? '' : `, ${health}`}  `,
        },
        { text: imageTag(image), tone: 'quiet' },
      ],
    ),
  ]
}
