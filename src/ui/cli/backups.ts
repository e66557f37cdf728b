import type { BackupReport } from '../../core/actions/backup/create.ts'
import type { DataLoss, RestoreReport } from '../../core/actions/backup/restore.ts'
import type { VerifyReport } from '../../core/actions/backup/verify.ts'
import type { ChangeOptions } from '../../core/actions/run.ts'
import { ailing } from '../../core/actions/status.ts'
import { DdalabError, EXIT } from '../../core/errors.ts'
import { type Prompter, requireName } from './prompt.ts'
import type { Shell } from './shell.ts'
import { renderBackup, renderVerification } from './views/backups.ts'
import { changeData, renderChange } from './views/change.ts'
import { renderPlan } from './views/plan.ts'

/** A restore loses data: it needs the name of the instance, given or typed; `--yes` does not count (contract 4). */
export function consentToRestore(
  shell: Shell,
  instance: string,
  loss: DataLoss,
  { confirm: name }: { readonly confirm?: string | undefined },
  prompter: Prompter,
): Pick<ChangeOptions, 'confirm'> {
  return {
    confirm: async ({ plan }) => {
      if (prompter.possible && name === undefined) shell.note(`${renderPlan(plan, shell.style)}\n`)
      await requireName(lossText(loss), instance, name, prompter)
      return true
    },
  }
}

/** In hours, as people reckon what they lose. */
export function lossText({ since, hours }: DataLoss): string {
  return `What was written since ${since.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')} (${hours} hours ago) is replaced.`
}

export function answerBackup(shell: Shell, report: BackupReport): number {
  const { backup } = report
  refuseDeclined(report.outcome)
  for (const warning of report.warnings) shell.warn(warning)
  const data = { ...changeData(report), backup: backup ?? null }
  return shell.answer(data, (_data, style) =>
    backup === undefined ? renderChange(report, style, shell.now()) : renderBackup(backup, style),
  )
}

export function answerVerification(shell: Shell, { backup, verification, ...report }: VerifyReport): number {
  const data = { backup: backup.id, run: report.run ?? null, verified: verification ?? null }
  return shell.answer(data, (_data, style) => renderVerification(backup, verification, style))
}

/** `again`: the command that takes it back. */
export function answerRestore(shell: Shell, report: RestoreReport, again: string): number {
  const { backup, safety, dataLoss } = report
  refuseDeclined(report.outcome)
  if (report.outcome === 'planned') {
    const data = { ...changeData(report), backup, safety: null, dataLoss }
    const text = `${renderPlan(report.plan, shell.style)}\n\n${lossText(dataLoss)}\nDry run: nothing was changed.`
    return shell.answer(data, () => text)
  }
  const ill = report.status === undefined ? [] : ailing(report.status, [])
  for (const { name, state } of ill) shell.warn(`${name} is ${state}. See why with: ddalab logs ${name}`)
  shell.note(`The data is as of ${backup}. To have back what was there before: ${again}`)
  const data = { ...changeData(report), backup, safety, dataLoss }
  const exit = ill.length === 0 ? EXIT.ok : EXIT.unhealthy
  return shell.answer(data, (_data, style) => renderChange(report, style, shell.now()), exit)
}

function refuseDeclined(outcome: BackupReport['outcome']): void {
  if (outcome === 'declined') throw new DdalabError('CONFIRMATION_REQUIRED', 'Declined: nothing was changed.')
}
