import { verifyBackup } from '../../core/actions/backup/verify.ts'
import { answerVerification } from '../../ui/cli/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { engineFlags, eventsFlag, instanceFlags, timeoutFlag, word } from '../../ui/cli/flags.ts'

export default class BackupVerify extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Check a backup by restoring it into containers of its own'
  static override description =
    `Checksums, decryption, and a restore on trial: a scratch container for each part, without network, removed afterwards.
What runs is left alone.`
  static override examples = ['ddalab backup verify b-20260321-154501']
  static override args = { backup: word({ description: 'An id of "backup list"', required: true }) }
  static override flags = { ...instanceFlags, ...engineFlags, ...eventsFlag, ...timeoutFlag }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(BackupVerify)
    this.shell.interrupt.beginWork()
    return answerVerification(this.shell, await verifyBackup(...this.place(flags), args.backup))
  }
}
