import { backup } from '../../core/actions/config/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags, messageFlag } from '../../ui/cli/flags.ts'
import { renderBackup } from '../../ui/cli/views/config.ts'

export default class ConfigBackup extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Make sure that the config as it is now can be restored'
  static override description = 'Every change does that by itself; this is for a file that was edited by hand.'
  static override examples = ['ddalab config backup -m "before the move"']
  static override flags = { ...instanceFlags, ...messageFlag }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigBackup)
    const entry = await backup(...this.place(flags), flags.message ?? null)
    return this.shell.answer({ entry }, (data, style) => renderBackup(data.entry, style))
  }
}
