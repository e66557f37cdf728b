import * as Flags from '@oclif/core/flags'
import { changeConfig } from '../../core/actions/config/change-config.ts'
import { migrating } from '../../core/actions/config/migrating.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags } from '../../ui/cli/flags.ts'

export default class ConfigMigrate extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Carry the config up, or down, to another version of its schema'
  static override description =
    `Older versions are understood as they are: this is for a file that is to be written anew, or to be used by an
older program. Going down takes out what the older version does not know; "config restore" brings it back.`
  static override examples = ['ddalab config migrate', 'ddalab config migrate --to 2.0.0 --dry-run']
  static override flags = {
    ...instanceFlags,
    ...configChangeFlags,
    to: Flags.string({ description: 'The version (default: the current one)', helpValue: 'VERSION' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigMigrate)
    const options = configChangeOptions(this.shell, 'migrate', flags)
    const report = await changeConfig(...this.place(flags), migrating(flags.to), options)
    return answerConfigChange(this.shell, report)
  }
}
