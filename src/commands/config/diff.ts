import { compareStates } from '../../core/actions/config/backups.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags, word } from '../../ui/cli/flags.ts'
import { configDiffData, renderConfigDiff } from '../../ui/cli/views/config-diff.ts'

export default class ConfigDiff extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Show the difference of two states of the config, secrets masked'
  static override description =
    `Without arguments: from what is deployed to the file as it is. With one: from that state to the file.`
  static override examples = ['ddalab config diff', 'ddalab config diff 3', 'ddalab config diff 3 7']
  static override args = {
    from: word({ description: 'A number of "config history", latest-1, or a file' }),
    to: word({ description: 'The same' }),
  }
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags, args } = await this.parse(ConfigDiff)
    const diff = await compareStates(...this.place(flags), args.from, args.to)
    return this.shell.answer(configDiffData(diff), (_data, style) => renderConfigDiff(diff, style))
  }
}
