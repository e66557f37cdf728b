import { createBackup } from '../../core/actions/backup/create.ts'
import { answerBackup } from '../../ui/cli/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { consent } from '../../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags, partsFlag } from '../../ui/cli/flags.ts'

export default class BackupCreate extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Back up the data: databases, caches, objects, files'
  static override description =
    `Databases are dumped while they serve. What writes to files that are copied stands still meanwhile, unless the template
says that it need not. Every copy is read once more before the backup counts. The newest five are kept, and those of rollback points.
Where the secrets of the configuration are encrypted, so is the backup, for the same recipients.`
  static override examples = ['ddalab backup create', 'ddalab backup create --only database --yes']
  static override flags = { ...instanceFlags, ...engineFlags, ...changeFlags, ...partsFlag }

  async run(): Promise<number> {
    const { flags } = await this.parse(BackupCreate)
    this.shell.interrupt.beginWork()
    const report = await createBackup(...this.place(flags), {
      ...consent(this.shell, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
      only: flags.only ?? [],
    })
    return answerBackup(this.shell, report)
  }
}
