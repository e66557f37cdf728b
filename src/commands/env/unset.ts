import { unsetEnvironment } from '../../core/actions/config/env.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags, word } from '../../ui/cli/flags.ts'

export default class EnvUnset extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Take variables out of the configuration: what the template says holds again'
  static override examples = ['ddalab env unset LOG_LEVEL', 'ddalab env unset --environment staging LOG_LEVEL --apply']
  static override args = { variable: word({ description: 'Its name', multiple: true, required: true }) }
  static override flags = { ...instanceFlags, ...configChangeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(EnvUnset)
    const options = configChangeOptions(this.shell, 'change', flags)
    return answerConfigChange(this.shell, await unsetEnvironment(...this.place(flags), args.variable, options))
  }
}
