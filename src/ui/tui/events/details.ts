import type { Activity, ActivityStep, ReleaseActivity, RunActivity } from '../../../core/actions/activity.ts'
import type { ErrorData } from '../../../core/errors.ts'
import type { RunResult } from '../../../core/kernel/events.ts'
import { formatDuration } from '../../cli/format.ts'
import { type Glyph, glyph, type Style, type Tone } from '../../cli/style.ts'
import { wrap } from '../../wizard/view/text.ts'
import { fact, longFact } from '../facts.ts'
import { imageTag } from '../view/look.ts'
import type { Spans } from '../view/spans.ts'
import type { Happening } from './happening.ts'

/** Everything there is to tell about an event, in lines of at most `width` columns. */
export function detailLines(happening: Happening, width: number, style: Style): readonly Spans[] {
  const { at, sign, tone, what, text, activity } = happening
  const head = wrap(`${glyph(style, sign)} ${what}: ${text}`, width).map((line): Spans => [{ text: line, tone }])
  return [
    ...head,
    [],
    fact('When', `${stamp(at)} UTC`),
    ...(activity === undefined ? [] : activityLines(activity, width, style)),
  ]
}

/** `2026-03-01 12:00:00`, in UTC. */
export const stamp = (at: string): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

function activityLines(activity: Activity, width: number, style: Style): readonly Spans[] {
  return activity.type === 'run' ? runLines(activity, width, style) : releaseLines(activity, width)
}

const RESULTS: { readonly [result in RunResult]: string } = {
  committed: 'done',
  parked: 'in effect; the next change finishes its last steps',
  'rolled-back': 'failed; what was begun has been undone',
  'rollback-failed': 'failed, and could not be undone: a person is needed',
}

function runLines(run: RunActivity, width: number, style: Style): readonly Spans[] {
  const { command, by, result, durationMs, release, cause, failures, steps } = run
  const others = failures.filter(({ error }) => error.message !== cause?.message)
  return [
    ...longFact('Command', command, width),
    ...(by === null ? [] : [fact('By', by)]),
    ...(result === null ? [] : [fact('Result', RESULTS[result])]),
    ...(durationMs === null ? [] : [fact('Took', formatDuration(durationMs))]),
    ...(release === null ? [] : [fact('Release', `${release.id} (${release.version})`)]),
    fact('Run', run.run),
    ...(cause === null ? [] : [[], ...errorLines('Why', failedResource(run, cause), cause, width, style)]),
    ...others.flatMap(({ resource, error }) => [[], ...errorLines('Also', resource, error, width, style)]),
    [],
    [{ text: 'Steps', tone: 'strong' as const }],
    ...steps.map((step) => stepLine(step, style)),
  ]
}

/** Where the cause was met. */
function failedResource({ failures }: RunActivity, { message }: ErrorData): string | undefined {
  return failures.find(({ error }) => error.message === message)?.resource
}

/** What went wrong, its evidence (the container's own words) and what to do now. */
function errorLines(
  name: string,
  resource: string | undefined,
  { message, details = [], problems = [], hint, nextSteps = [] }: ErrorData,
  width: number,
  style: Style,
): readonly Spans[] {
  const text = resource === undefined || message.includes(resource) ? message : `${resource}: ${message}`
  return [
    ...longFact(name, text, width, 'bad'),
    ...problems.flatMap((problem) => longFact('', problem.message, width, 'bad')),
    ...details.flatMap((line) => longFact('', line, width)),
    ...[...(hint === undefined ? [] : [hint]), ...nextSteps].flatMap((line) =>
      longFact('', `${glyph(style, 'hint')} ${line}`, width, 'note'),
    ),
  ]
}

const STEPS: { readonly [state in ActivityStep['state']]: { readonly sign: Glyph; readonly tone?: Tone } } = {
  waiting: { sign: 'waiting', tone: 'quiet' },
  begun: { sign: 'partly', tone: 'warn' },
  done: { sign: 'done', tone: 'good' },
  failed: { sign: 'failed', tone: 'bad' },
  undone: { sign: 'undone', tone: 'warn' },
  'not undone': { sign: 'failed', tone: 'bad' },
}

function stepLine({ resource, effect, state }: ActivityStep, style: Style): Spans {
  const { sign, tone } = STEPS[state]
  const how = state === 'done' ? '' : `  (${state})`
  return [{ text: `${glyph(style, sign)} `, tone }, { text: resource }, { text: `  ${effect}${how}`, tone: 'quiet' }]
}

function releaseLines({ release }: ReleaseActivity, width: number): readonly Spans[] {
  return [
    ...longFact('Command', release.command, width),
    fact('By', release.deployedBy),
    fact('Release', `${release.id} (${release.version})`),
    ...Object.entries(release.images).map(([service, { reference }], index) =>
      fact(index === 0 ? 'Images' : '', `${service} ${imageTag(reference)}`),
    ),
  ]
}
