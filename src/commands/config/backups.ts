import { history } from '../../core/actions/config/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'
import { configHistoryData, renderConfigHistory } from '../../ui/cli/views/config-history.ts'

export default class ConfigBackups extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'List the states of the config that can be restored'
  static override examples = ['ddalab config backups']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigBackups)
    const found = await history(...this.place(flags))
    const kept = { ...found, entries: found.entries.filter((entry) => entry.kept) }
    return this.shell.answer(configHistoryData(kept), (_data, style) => renderConfigHistory(kept, style))
  }
}
