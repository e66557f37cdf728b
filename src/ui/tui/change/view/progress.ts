import { formatDuration, plural } from '../../../cli/format.ts'
import type { RunState, Step } from '../../../cli/progress/run-state.ts'
import { layerTexts, stepText } from '../../../cli/progress/step-lines.ts'
import { glyph, type Style } from '../../../cli/style.ts'
import type { Spans } from '../../view/spans.ts'
import type { RunningStage } from '../state.ts'

/** How far a change is, in one line. */
export function progressHead({ run, proposal, startedAt, isCancelled }: RunningStage, now: number): Spans {
  const steps = [...run.steps.values()]
  const done = steps.filter(({ status }) => status === 'done').length
  const undone = steps.filter(({ status }) => status === 'undone').length
  const isUndoing = run.undoing || isCancelled
  const isBegun = steps.some(({ status }) => status === 'undone' || status === 'undoing')
  const count = steps.length === 0 ? 'Preparing' : `${done} of ${plural(steps.length, 'step')} done`
  const expected = proposal.expectedMs
  const time = formatDuration(Math.max(0, Math.round((now - startedAt) / 1000) * 1000))
  return [
    isUndoing
      ? { text: isBegun ? `Undoing: ${plural(undone, 'step')} undone` : 'Stopping, then undoing', tone: 'warn' }
      : { text: count, tone: 'strong' },
    { text: `   ${time}` },
    ...(expected === null || isUndoing
      ? []
      : [{ text: ` of about ${formatDuration(expected)}`, tone: 'quiet' as const }]),
  ]
}

export interface Steps {
  readonly lines: readonly Spans[]
  /** The line of the first step that is under way; undefined when none is. */
  readonly active: number | undefined
}

/** A line for each step, with the layers of what is pulled below it. */
export function stepLines(run: RunState, style: Style, now: number): Steps {
  const lines: Spans[] = []
  let active: number | undefined
  for (const step of run.steps.values()) {
    if (isUnderWay(step)) active ??= lines.length
    lines.push(stepLine(step, style, now))
    for (const text of layerTexts(step, style)) lines.push([{ text: `    ${text}`, tone: 'quiet' }])
  }
  return { lines, active }
}

const isUnderWay = ({ status }: Step) => status === 'running' || status === 'undoing'

function stepLine(step: Step, style: Style, now: number): Spans {
  const { sign, tone, title, note } = stepText(step, now)
  return [
    { text: `${glyph(style, sign)} `, tone },
    { text: title, ...(step.status === 'waiting' && { tone: 'quiet' as const }) },
    { text: `  ${note}`, tone: 'quiet' },
  ]
}
