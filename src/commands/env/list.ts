import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'
import { renderEnvironment } from '../../ui/cli/views/env.ts'

export default class EnvList extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'List the variables of the services, and where each value comes from'
  static override description = `The values of secrets are masked. Kinds:
  mapped       made of settings of the configuration; setting it changes these
  independent  your own (variables and secretVariables)
  override     put over all others (docker.environmentOverrides)
  default      said by the template itself`
  static override examples = ['ddalab env list', 'ddalab env list --environment staging --json']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(EnvList)
    const { listEnvironment } = await import('../../core/actions/config/env.ts')
    return this.shell.answer(await listEnvironment(...this.place(flags)), renderEnvironment)
  }
}
