import { restoring } from '../../core/actions/config/backups.ts'
import { changeConfig } from '../../core/actions/config/change-config.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags, word } from '../../ui/cli/flags.ts'

export default class ConfigRestore extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Bring back an earlier state of the config, or the text of a file'
  static override description = 'The present state stays in the history, so that this can be taken back too.'
  static override examples = [
    'ddalab config restore 7',
    'ddalab config restore latest-1',
    'ddalab config restore old.yml --dry-run',
  ]
  static override args = {
    backup: word({ description: 'A number of "config history", latest-1, or a file', required: true }),
  }
  static override flags = { ...instanceFlags, ...configChangeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(ConfigRestore)
    const [world, target] = this.place(flags)
    const edit = await restoring(world, target, args.backup)
    const report = await changeConfig(world, target, edit, configChangeOptions(this.shell, 'restore', flags))
    return answerConfigChange(this.shell, report)
  }
}
