import type { ChangeOptions, ChangeReport } from '../../core/actions/run.ts'
import { ailing } from '../../core/actions/status.ts'
import { DdalabError, EXIT } from '../../core/errors.ts'
import type { Plan } from '../../core/kernel/plan.ts'
import { confirm, type Prompter, requireName } from './prompt.ts'
import type { Shell } from './shell.ts'
import { changeData, renderChange } from './views/change.ts'
import { renderPlan, takesAway } from './views/plan.ts'

export interface ChangeFlags {
  readonly yes: boolean
  readonly 'dry-run': boolean
}

/**
 * The consent to a change that loses nothing: on a terminal the plan is shown, and asked about when it takes something away.
 * Where nobody can be asked the command is its own consent.
 */
export function consent(shell: Shell, { yes }: ChangeFlags, prompter: Prompter): Pick<ChangeOptions, 'confirm'> {
  if (yes || !prompter.possible) return {}
  return {
    confirm: async ({ plan }) => {
      showPlan(shell, plan)
      return !takesAway(plan) || (await confirm('Go ahead?', { yes }, prompter))
    },
  }
}

export interface DestroyFlags extends ChangeFlags {
  readonly volumes: boolean
  readonly confirm?: string | undefined
}

/** Destroying is always asked about; the loss of data needs the name of the instance, given or typed (contract 4). */
export function consentToDestroy(
  shell: Shell,
  instance: string,
  { yes, volumes, confirm: name }: DestroyFlags,
  prompter: Prompter,
): Pick<ChangeOptions, 'confirm'> {
  return {
    confirm: async ({ plan }) => {
      if (prompter.possible && !yes && name === undefined) showPlan(shell, plan)
      const lost = plan.operations.filter(({ kind }) => kind === 'volume.remove').map(({ resource }) => resource)
      if (lost.length === 0 && name === undefined) return confirm(`Destroy ${instance}?`, { yes }, prompter)
      const loss = volumes ? `This deletes for good: ${lost.join(', ')}.` : `This destroys ${instance}.`
      await requireName(loss, instance, name, prompter)
      return true
    },
  }
}

function showPlan(shell: Shell, plan: Plan): void {
  shell.note(`${renderPlan(plan, shell.style)}\n`)
}

/**
 * The answer to a change. `judged`: the services that should run now (empty: all of them); those that do not are named, and
 * the exit code is 8.
 */
export function answerChange(shell: Shell, report: ChangeReport, judged?: readonly string[]): number {
  const exit = judgeChange(shell, report, judged)
  return shell.answer(changeData(report), () => renderChange(report, shell.style, shell.now()), exit)
}

/** The same without the answer: warns, and gives the exit code. CONFIRMATION_REQUIRED when the change was declined. */
export function judgeChange(shell: Shell, report: ChangeReport, judged?: readonly string[]): number {
  if (report.outcome === 'declined') {
    throw new DdalabError('CONFIRMATION_REQUIRED', 'Declined: nothing was changed.')
  }
  for (const warning of report.warnings) shell.warn(warning)
  const ill = report.status === undefined || judged === undefined ? [] : ailing(report.status, judged)
  for (const { name, state } of ill) shell.warn(`${name} is ${state}. See why with: ddalab logs ${name}`)
  return ill.length === 0 ? EXIT.ok : EXIT.unhealthy
}
