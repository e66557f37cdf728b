import { changeConfig } from '../../core/actions/config/change-config.ts'
import { unsetting } from '../../core/actions/config/edits.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags, word } from '../../ui/cli/flags.ts'

export default class ConfigUnset extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Take settings or whole sections out of the file: their defaults hold again'
  static override description = 'With --environment only what holds in that environment is taken out.'
  static override examples = [
    'ddalab config unset api.publicUrl',
    'ddalab config unset auth.ldap auth.mode --apply',
    'ddalab config unset --environment staging ingress.domain',
  ]
  static override args = {
    setting: word({ description: 'Its place, as in api.port', multiple: true, required: true }),
  }
  static override flags = { ...instanceFlags, ...configChangeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(ConfigUnset)
    const options = configChangeOptions(this.shell, 'change', flags)
    const [world, target] = this.place(flags)
    const report = await changeConfig(world, target, unsetting(args.setting, target.environment), options)
    return answerConfigChange(this.shell, report)
  }
}
