import type { ChangeReport } from '../../../core/actions/run.ts'
import { glyph, paint, type Style } from '../style.ts'
import { planData, renderPlan } from './plan.ts'
import { renderStatus } from './status.ts'

/** What a change answers with `--json`. */
export function changeData({ outcome, plan, run, status }: ChangeReport) {
  return {
    outcome,
    run: run ?? null,
    // Made when it is told: a fingerprint takes hashing, and a person is not told it.
    get plan() {
      return planData(plan)
    },
    status: status ?? null,
  }
}

const NOTHING_TO_DO: { readonly [action: string]: string } = {
  deploy: 'is already as configured',
  rollback: 'is already as in that release',
  update: 'runs that version already',
  start: 'is already started',
  stop: 'is already stopped',
  destroy: 'is not there: nothing to destroy',
}

/** What has come of a change, for a person: the plan of a dry run, or how things are now. */
export function renderChange({ outcome, plan, status }: ChangeReport, style: Style, now: Date): string {
  if (outcome === 'planned') return `${renderPlan(plan, style)}\n\nDry run: nothing was changed.`
  const done = paint(style, 'good', glyph(style, 'done'))
  const nothing = `${done} ${plan.instance} ${NOTHING_TO_DO[plan.action] ?? 'needs no change'}.`
  if (outcome === 'unchanged') return status?.state === 'healthy' ? withAddresses(nothing, status.addresses) : nothing
  return status === undefined ? `${done} ${plan.instance} is destroyed.` : renderStatus(status, style, now)
}

function withAddresses(text: string, addresses: readonly string[]): string {
  return addresses.length === 0 ? text : `${text}  ${addresses.join('  ')}`
}
