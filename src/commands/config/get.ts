import { getSettings } from '../../core/actions/config/read-config.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags, word } from '../../ui/cli/flags.ts'
import { renderSettings } from '../../ui/cli/views/config.ts'

export default class ConfigGet extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Print one setting as it holds, or all those of a section'
  static override examples = ['ddalab config get api.port', 'ddalab config get storage.minio --json']
  static override args = { setting: word({ description: 'Its place, as in api.port', required: true }) }
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags, args } = await this.parse(ConfigGet)
    const settings = await getSettings(...this.place(flags), args.setting)
    return this.shell.answer({ settings }, (data, style) => renderSettings(args.setting, data.settings, style))
  }
}
