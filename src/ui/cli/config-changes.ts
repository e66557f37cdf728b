import type { ConfigChangeOptions, ConfigChangeReport } from '../../core/actions/config/change-config.ts'
import type { EntryKind } from '../../core/config/history/index.ts'
import { DdalabError } from '../../core/errors.ts'
import { type ChangeFlags, consent } from './changes.ts'
import type { Shell } from './shell.ts'
import { changeData } from './views/change.ts'
import { renderConfigChange } from './views/config.ts'
import { configDiffData } from './views/config-diff.ts'

export interface ConfigChangeFlags extends ChangeFlags {
  readonly message?: string | undefined
  readonly apply: boolean
  readonly 'no-input': boolean
}

/** How a change of the config is carried out: recorded with its reason, and with `--apply` agreed to like a deploy. */
export function configChangeOptions(shell: Shell, kind: EntryKind, flags: ConfigChangeFlags): ConfigChangeOptions {
  const note = { kind, reason: flags.message ?? null }
  const dryRun = flags['dry-run']
  if (!flags.apply) return { note, dryRun }
  shell.interrupt.beginWork()
  return { note, dryRun, apply: consent(shell, flags, shell.prompter(flags['no-input'])) }
}

/** The answer to a change of the config. */
export function answerConfigChange(shell: Shell, report: ConfigChangeReport): number {
  if (report.applied?.outcome === 'declined') {
    throw new DdalabError('CONFIRMATION_REQUIRED', 'Declined: nothing was changed.')
  }
  for (const warning of [...report.warnings, ...(report.applied?.warnings ?? [])]) shell.warn(warning)
  const data = {
    ...report,
    diff: configDiffData(report.diff),
    applied: report.applied && changeData(report.applied),
  }
  return shell.answer(data, () => renderConfigChange(report, shell.style, shell.now()))
}
