import { history } from '../../core/actions/config/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'
import { configHistoryData, renderConfigHistory } from '../../ui/cli/views/config-history.ts'

export default class ConfigHistory extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'List every write of the config: when, who, what, why'
  static override examples = ['ddalab config history', 'ddalab config history --json']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigHistory)
    const found = await history(...this.place(flags))
    return this.shell.answer(configHistoryData(found), (_data, style) => renderConfigHistory(found, style))
  }
}
