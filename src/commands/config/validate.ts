import * as Flags from '@oclif/core/flags'
import { EXIT } from '../../core/errors.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { engineFlags, instanceFlags } from '../../ui/cli/flags.ts'
import { renderValidity } from '../../ui/cli/views/config-validate.ts'

export default class ConfigValidate extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Judge the configuration by every rule, and tell all findings at once'
  static override description =
    `Changes nothing, and asks for nothing: without an identity or an engine it says what could not be checked.
The exit code is 2 when there are errors; with --strict also when there are warnings.
For each finding there is the rule, the place in the file, and what to do.`
  static override examples = [
    'ddalab config validate',
    'ddalab config validate -f deployment-config.yml --offline --strict --json',
  ]
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    strict: Flags.boolean({ description: 'Take warnings for errors' }),
    offline: Flags.boolean({ description: 'Leave out what only the machine knows: certificates, folders, engine' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigValidate)
    const { validate } = await import('../../core/actions/config/validate.ts')
    const validity = await validate(...this.place(flags), flags)
    return this.shell.answer(validity, renderValidity, validity.valid ? EXIT.ok : EXIT.usage)
  }
}
