import type { UpdateOptions, UpdateReport } from '../../core/actions/update.ts'
import { type ChangeFlags, judgeChange } from './changes.ts'
import { confirm, type Prompter } from './prompt.ts'
import type { Shell } from './shell.ts'
import { changeData, renderChange } from './views/change.ts'
import { renderPlan } from './views/plan.ts'
import { renderOffer, renderUpdateCheck } from './views/update.ts'

/** On a terminal the release and the plan are shown, and asked about. Where nobody can be asked the command is its own consent. */
export function consentToUpdate(
  shell: Shell,
  { yes }: ChangeFlags,
  prompter: Prompter,
): Pick<UpdateOptions, 'confirm'> {
  if (yes || !prompter.possible) return {}
  return {
    confirm: ({ plan }, offer) => {
      shell.note(`${renderOffer(offer, shell.style)}\n\n${renderPlan(plan, shell.style)}\n`)
      return confirm(`Update to ${offer.version}?`, { yes }, prompter)
    },
  }
}

/** The answer to an update; exit code 8 when a service is not well afterwards. `install`: how the command is called. */
export function answerUpdate(shell: Shell, { check, change, backup, entry }: UpdateReport, install: string): number {
  if (change === null) return shell.answer({ check, change }, () => renderUpdateCheck(check, install, shell.style))
  const exit = judgeChange(shell, change, [])
  if (backup !== null) shell.note(`The data as it was before the update is in the backup ${backup}.`)
  const data = { check, change: changeData(change), backup, entry }
  return shell.answer(data, () => renderChange(change, shell.style, shell.now()), exit)
}
