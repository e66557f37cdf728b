import type { Problem } from '../../../core/errors.ts'
import { countChanges, type Operation, type Plan } from '../../../core/kernel/plan.ts'
import { renderProblems } from '../errors.ts'
import { formatDuration, plural } from '../format.ts'
import { glyph, paint, type Style, type Tone } from '../style.ts'

type Sign = '+' | '~' | '-'

const TONES: { readonly [sign in Sign]: Tone } = { '+': 'good', '~': 'warn', '-': 'bad' }
const MAKES = new Set(['create', 'pull', 'load', 'build', 'record'])
const REMOVES = new Set(['remove', 'delete'])

/** Actions after which the stack is not to be there: a forecast of downtime would say nothing. */
const ENDS = new Set(['stop', 'destroy'])

/** Actions whose name is not how people say it. */
const VERBS: { readonly [action: string]: string } = { rollback: 'roll back' }

/** The verb of a kind: `container.create` -> `create`. */
function verb(operation: Operation): string {
  return operation.kind.split('.').at(-1) ?? operation.kind
}

/** `+` comes to be, `-` goes, `~` is changed or replaced. */
function signOf(operations: readonly Operation[]): Sign {
  const makes = operations.some((operation) => MAKES.has(verb(operation)) || operation.effect === 'create')
  const removes = operations.some((operation) => REMOVES.has(verb(operation)))
  if (makes === removes) return '~'
  return makes ? '+' : '-'
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

/** What a plan does to one thing. */
export interface PlanRow {
  readonly sign: Sign
  readonly tone: Tone
  readonly resource: string
  /** Why, in words; empty where the head of the plan says it already. */
  readonly cause: string
  readonly effects: readonly string[]
}

/** The things that a plan touches, in their order. */
export function planRows({ operations, action }: Plan): readonly PlanRow[] {
  return [...Map.groupBy(operations, ({ resource }) => resource)].map(([resource, own]) => {
    const sign = signOf(own)
    // The head says already that it is a deploy, a stop, ...
    const causes = unique(own.map(({ cause }) => cause).filter((cause) => cause !== action))
    return {
      sign,
      tone: TONES[sign],
      resource,
      cause: causes.join('; '),
      effects: unique(own.map(({ effect }) => effect)),
    }
  })
}

function resourceLines({ sign, tone, resource, cause, effects }: PlanRow, style: Style): string[] {
  const [only] = effects.length === 1 ? effects : []
  const head = paint(style, tone, `${sign} ${resource}`) + (only === undefined ? '' : `: ${only}`)
  return [
    `  ${head}${cause === '' ? '' : `  ${paint(style, 'quiet', cause)}`}`,
    ...(only === undefined ? effects.map((effect) => `      ${effect}`) : []),
  ]
}

/** `Plan to deploy lab: 3 changes`. */
export function planTitle(plan: Plan): string {
  const verb = VERBS[plan.action] ?? plan.action
  return `Plan to ${verb} ${plan.instance}: ${plural(countChanges(plan), 'change')}`
}

/** Whether a forecast of its downtime says something. */
export function hasForecast({ action }: Plan): boolean {
  return !ENDS.has(action)
}

/** A plan as `--json` tells it: what handlers need is left out. */
export function planData({ fingerprint, operations, downtime, ...plan }: Plan) {
  return {
    fingerprint,
    changes: countChanges({ fingerprint, operations, downtime, ...plan }),
    downtime,
    operations: operations.map(({ id, kind, resource, cause, effect, after }) => ({
      id,
      kind,
      resource,
      cause,
      effect,
      after,
    })),
  }
}

/** Whether somebody may miss what the plan takes away, for a while or for good. */
export function takesAway(plan: Plan): boolean {
  return plan.downtime.length > 0 || planRows(plan).some(({ sign }) => sign === '-')
}

/** What stands in the way of a plan, for a person. */
export function renderObstacles(problems: readonly Problem[], style: Style): string {
  if (problems.length === 0) return ''
  const head = `${paint(style, 'bad', glyph(style, 'failed'))} It cannot be carried out: ${plural(problems.length, 'problem')}`
  return ['', '', head, ...renderProblems(problems, style)].join('\n')
}

/** A plan in words: each resource with its sign, why and what; then the expected downtime. */
export function renderPlan(plan: Plan, style: Style): string {
  if (plan.operations.length === 0) return `Nothing to do: ${plan.instance} is as it should be.`
  const lines = [
    paint(style, 'strong', planTitle(plan)),
    '',
    ...planRows(plan).flatMap((row) => resourceLines(row, style)),
  ]
  if (!hasForecast(plan)) return lines.join('\n')
  lines.push('')
  if (plan.downtime.length === 0) lines.push('Downtime: none expected')
  for (const { service, expected, why } of plan.downtime) {
    lines.push(`Downtime: ${paint(style, 'warn', `${service} about ${formatDuration(expected * 1000)}`)} (${why})`)
  }
  return lines.join('\n')
}
