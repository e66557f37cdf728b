import type { RollbackOptions, RollbackReport } from '../../core/actions/rollback/rollback.ts'
import { lossText } from './backups.ts'
import { type ChangeFlags, judgeChange } from './changes.ts'
import { confirm, type Prompter, requireName } from './prompt.ts'
import type { Shell } from './shell.ts'
import { renderPlan } from './views/plan.ts'
import { renderRollback, renderRollbackReport, rollbackData } from './views/rollback.ts'

export interface RollbackFlags extends ChangeFlags {
  readonly 'restore-data': boolean
  readonly confirm?: string | undefined
}

/**
 * On a terminal it is shown what the rollback means, and asked. Where nobody can be asked the command is its own consent,
 * unless data is lost: that needs the name of the instance, given or typed (contract 4).
 */
export function consentToRollback(
  shell: Shell,
  instance: string,
  { yes, 'restore-data': restoreData, confirm: name }: RollbackFlags,
  prompter: Prompter,
): Pick<RollbackOptions, 'confirm'> {
  if (!restoreData && (yes || !prompter.possible)) return {}
  return {
    confirm: async ({ plan }, preview) => {
      if (prompter.possible && name === undefined)
        shell.note(`${renderRollback(preview, shell.style, shell.now())}\n\n${renderPlan(plan, shell.style)}\n`)
      if (preview.data === null) return confirm(`Go back to ${preview.to.id}?`, { yes }, prompter)
      await requireName(lossText(preview.data.loss), instance, name, prompter)
      return true
    },
  }
}

/** The answer to a rollback; exit code 8 when a service is not well afterwards. */
export function answerRollback(shell: Shell, report: RollbackReport): number {
  const exit = judgeChange(shell, report, [])
  if (report.safety !== null) shell.note(`The data as it was before the rollback is in the backup ${report.safety}.`)
  return shell.answer(rollbackData(report), () => renderRollbackReport(report, shell.style, shell.now()), exit)
}
