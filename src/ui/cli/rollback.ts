import type { RollbackOptions, RollbackReport } from '../../core/actions/rollback/rollback.ts'
import { type ChangeFlags, judgeChange } from './changes.ts'
import { confirm, type Prompter } from './prompt.ts'
import type { Shell } from './shell.ts'
import { renderPlan } from './views/plan.ts'
import { renderRollback, renderRollbackReport, rollbackData } from './views/rollback.ts'

/** On a terminal it is shown what the rollback means, and asked. Where nobody can be asked the command is its own consent. */
export function consentToRollback(
  shell: Shell,
  { yes }: ChangeFlags,
  prompter: Prompter,
): Pick<RollbackOptions, 'confirm'> {
  if (yes || !prompter.possible) return {}
  return {
    confirm: ({ plan }, preview) => {
      shell.note(`${renderRollback(preview, shell.style, shell.now())}\n\n${renderPlan(plan, shell.style)}\n`)
      return confirm(`Go back to ${preview.to.id}?`, { yes }, prompter)
    },
  }
}

/** The answer to a rollback; exit code 8 when a service is not well afterwards. */
export function answerRollback(shell: Shell, report: RollbackReport): number {
  const exit = judgeChange(shell, report, [])
  return shell.answer(rollbackData(report), () => renderRollbackReport(report, shell.style, shell.now()), exit)
}
