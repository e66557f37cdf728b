import { listBackups } from '../../core/actions/backup/list.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'
import { backupListData, renderBackups } from '../../ui/cli/views/backups.ts'

export default class BackupList extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'List the backups of the data'
  static override examples = ['ddalab backup list']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(BackupList)
    const found = await listBackups(...this.place(flags))
    for (const { error } of found.damaged) this.shell.warn(error.message)
    return this.shell.answer(backupListData(found), (_data, style) => renderBackups(found, style))
  }
}
