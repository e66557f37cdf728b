import { locateInstance } from '../../core/actions/open.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { instanceFlags } from '../../ui/cli/flags.ts'

export default class ConfigPath extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Print where the config is'
  static override examples = ['ddalab config path', 'grep port "$(ddalab config path)"']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigPath)
    const { paths } = locateInstance(...this.place(flags))
    return this.shell.answer({ path: paths.config, backups: paths.configBackups }, ({ path }) => path)
  }
}
