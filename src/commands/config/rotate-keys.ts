import * as Flags from '@oclif/core/flags'
import { carryOutChange } from '../../core/actions/config/change-config.ts'
import { rotating } from '../../core/actions/config/keys.ts'
import { prepareChange } from '../../core/actions/config/prepare-change.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags } from '../../ui/cli/flags.ts'

const recipient = (description: string) =>
  Flags.string({ description, helpValue: 'RECIPIENT', multiple: true, multipleNonGreedy: true })

export default class ConfigRotateKeys extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Encrypt every secret of the config anew, for the same people, or with some more or fewer'
  static override description =
    `A recipient is a public key of age (age1...). Who is removed can still read what was written before: generate the
secrets anew as well when that matters ("ddalab config set --generate KEY").`
  static override examples = [
    'ddalab config rotate-keys',
    'ddalab config rotate-keys --add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
  ]
  static override flags = {
    ...instanceFlags,
    ...configChangeFlags,
    add: recipient('Somebody who may read it from now on'),
    remove: recipient('Somebody who may not read it any more'),
    'accept-changes': Flags.boolean({
      description: 'Take secrets that were removed or typed over in an editor as they are',
    }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigRotateKeys)
    const [world, target] = this.place(flags)
    const { add = [], remove = [] } = flags
    const options = configChangeOptions(this.shell, 'rotate', flags)
    const ignoreMac = flags['accept-changes']
    const prepared = await prepareChange(world, target, rotating(world, { add, remove }), { ignoreMac })
    return answerConfigChange(this.shell, await carryOutChange(world, target, prepared, options))
  }
}
