import type { Plan } from '../../../../core/kernel/plan.ts'
import { formatDuration } from '../../../cli/format.ts'
import { glyph, type Style } from '../../../cli/style.ts'
import { hasForecast, type PlanRow, planRows, planTitle } from '../../../cli/views/plan.ts'
import { showLine } from '../../../wizard/line.ts'
import { type Spans, widthOf } from '../../view/spans.ts'
import type { PlannedStage } from '../state.ts'
import { textLines } from './text.ts'

/** A plan with all that there is to know before one agrees: steps, downtime, data, warnings. */
export function planLines({ proposal, isStale }: PlannedStage, width: number, style: Style): readonly Spans[] {
  const { plan, about, warnings, loss, expectedMs } = proposal
  const warning = glyph(style, 'warning')
  const again = isStale
    ? [
        ...textLines(
          `${warning} The system has changed since you agreed: nothing was done, and this is the plan now.`,
          width,
          'warn',
        ),
        [],
      ]
    : []
  const dangers = loss === null ? [] : [...textLines(`${warning} ${loss}`, width, 'bad'), []]
  const details = about.length === 0 ? [] : [...about.flatMap(({ text, tone }) => textLines(text, width, tone)), []]
  // What decides whether one agrees stands first: it is in sight without scrolling.
  return [
    ...again,
    ...dangers,
    [{ text: planTitle(plan), tone: 'strong' }],
    ...(hasForecast(plan) ? downtimeLines(proposal.plan.downtime, width) : []),
    ...(loss === null ? textLines(dataText(plan), width) : []),
    ...(expectedMs === null ? [] : textLines(`Time: about ${formatDuration(expectedMs)}, as the last time`, width)),
    ...warnings.flatMap((text) => textLines(`${warning} ${text}`, width, 'warn')),
    [],
    ...details,
    ...planRows(plan).flatMap((row) => rowLines(row, width)),
  ]
}

function rowLines({ sign, tone, resource, cause, effects }: PlanRow, width: number): readonly Spans[] {
  const [only] = effects.length === 1 ? effects : []
  const head = `${sign} ${resource}`
  const tail = only === undefined ? '' : `: ${only}`
  const whole: Spans = [{ text: head, tone }, { text: tail }, ...(cause === '' ? [] : [quiet(`  ${cause}`)])]
  const rest = only === undefined ? effects.flatMap((effect) => textLines(effect, width, undefined, 4)) : []
  if (widthOf(whole) <= width) return [whole, ...rest]
  return [...textLines(head + tail, width, tone), ...(cause === '' ? [] : textLines(cause, width, 'quiet', 4)), ...rest]
}

const quiet = (text: string) => ({ text, tone: 'quiet' }) as const

function downtimeLines(downtime: PlannedStage['proposal']['plan']['downtime'], width: number): readonly Spans[] {
  if (downtime.length === 0) return [[{ text: 'Downtime: none expected' }]]
  return downtime.flatMap(({ service, expected, why }) =>
    textLines(`Downtime: ${service} about ${formatDuration(expected * 1000)} (${why})`, width, 'warn'),
  )
}

function dataText({ operations }: Plan): string {
  const isBackedUp = operations.some(({ kind }) => kind === 'data.backup')
  return `Data: stays as it is${isBackedUp ? ', and is backed up first' : ''}`
}

/** The question, and where the cursor of the terminal is in it. */
export interface Question {
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

export function questionLines(stage: PlannedStage, width: number): Question {
  const { focus, name, isWrongName, proposal } = stage
  const button = (text: string, isHere: boolean) =>
    isHere ? ({ text: `[ ${text} ]`, tone: 'strong' } as const) : quiet(`  ${text}  `)
  const buttons: Spans = [button('Cancel', focus === 'cancel'), { text: '  ' }, button('Go ahead', focus === 'go')]
  if (proposal.loss === null) return { lines: [buttons] }
  const prompt = `Type ${proposal.plan.instance} to agree: `
  const shown = showLine(name, Math.max(1, width - prompt.length))
  const wrong = isWrongName ? [{ text: '  This is not the name.', tone: 'bad' as const }] : []
  return {
    lines: [
      [{ text: prompt, tone: 'warn' }, { text: shown.text }],
      [...buttons, ...wrong],
    ],
    cursor: { x: prompt.length + shown.cursor, y: 0 },
  }
}
