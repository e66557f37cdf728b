import * as Flags from '@oclif/core/flags'
import { showConfig } from '../../core/actions/config/read-config.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'
import { renderConfig, renderOrigins } from '../../ui/cli/views/config.ts'

export default class ConfigShow extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Show every setting that holds, with the defaults'
  static override description =
    'Secrets are masked. --reveal is the only way to see one, and needs the identity that opens them.'
  static override examples = ['ddalab config show', 'ddalab config show --origin', 'ddalab config show --reveal | less']
  static override flags = {
    ...instanceFlags,
    origin: Flags.boolean({ description: 'Say where each value comes from' }),
    reveal: Flags.boolean({ description: 'Print the values of secrets' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigShow)
    const [world, target] = this.place(flags)
    const shown = await showConfig(world, target, { reveal: flags.reveal })
    return this.shell.answer(shown, flags.origin ? renderOrigins : renderConfig)
  }
}
