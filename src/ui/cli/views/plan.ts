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

function resourceLines(resource: string, operations: readonly Operation[], action: string, style: Style): string[] {
  const sign = signOf(operations)
  // The head says already that it is a deploy, a stop, ...
  const causes = unique(operations.map(({ cause }) => cause).filter((cause) => cause !== action)).join('; ')
  const effects = unique(operations.map((operation) => operation.effect))
  const [only] = effects.length === 1 ? effects : []
  const head = paint(style, TONES[sign], `${sign} ${resource}`) + (only === undefined ? '' : `: ${only}`)
  return [
    `  ${head}${causes === '' ? '' : `  ${paint(style, 'quiet', causes)}`}`,
    ...(only === undefined ? effects.map((effect) => `      ${effect}`) : []),
  ]
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
  const resources = Map.groupBy(plan.operations, (operation) => operation.resource)
  return plan.downtime.length > 0 || [...resources.values()].some((operations) => signOf(operations) === '-')
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
  const resources = Map.groupBy(plan.operations, (operation) => operation.resource)
  const lines = [
    paint(
      style,
      'strong',
      `Plan to ${VERBS[plan.action] ?? plan.action} ${plan.instance}: ${plural(countChanges(plan), 'change')}`,
    ),
    '',
    ...[...resources].flatMap(([resource, operations]) => resourceLines(resource, operations, plan.action, style)),
  ]
  if (ENDS.has(plan.action)) return lines.join('\n')
  lines.push('')
  if (plan.downtime.length === 0) lines.push('Downtime: none expected')
  for (const { service, expected, why } of plan.downtime) {
    lines.push(`Downtime: ${paint(style, 'warn', `${service} about ${formatDuration(expected * 1000)}`)} (${why})`)
  }
  return lines.join('\n')
}
