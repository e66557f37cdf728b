import * as Flags from '@oclif/core/flags'
import { readBackup } from '../../core/actions/backup/list.ts'
import { dataLossOf, restoreBackup } from '../../core/actions/backup/restore.ts'
import { answerRestore, consentToRestore } from '../../ui/cli/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { changeFlags, engineFlags, instanceFlags, partsFlag, word } from '../../ui/cli/flags.ts'

export default class BackupRestore extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Put the data back to a backup; what was written since is lost'
  static override description =
    `What writes to the data stops meanwhile, everything else goes on. What is there is backed up first: a restore that fails
is undone, and one that was a mistake is taken back by restoring that backup. It is carried out only when the name of the
instance is given or typed.`
  static override examples = [
    'ddalab backup restore b-20260321-154501 --dry-run',
    'ddalab backup restore b-20260321-154501 --confirm ddalab',
    'ddalab backup restore b-20260321-154501 --only database',
  ]
  static override args = { backup: word({ description: 'An id of "backup list"', required: true }) }
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...changeFlags,
    ...partsFlag,
    confirm: Flags.string({ description: 'Agree to the loss of the data of this instance', helpValue: 'NAME' }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(BackupRestore)
    const [world, target] = this.place(flags)
    this.shell.interrupt.beginWork()
    const loss = dataLossOf(await readBackup(world, target, args.backup), world.now())
    const report = await restoreBackup(world, target, args.backup, {
      ...consentToRestore(this.shell, target.instance, loss, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
      only: flags.only ?? [],
    })
    return answerRestore(this.shell, report, this.next(`backup restore ${report.safety}`, flags))
  }
}
