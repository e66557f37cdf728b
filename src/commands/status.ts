import { status } from '../core/actions/status.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags } from '../ui/cli/flags.ts'
import { renderStatus } from '../ui/cli/views/status.ts'

export default class StatusCommand extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Show what runs, how it is, and where to open it'
  static override description = 'The exit code is 0 whatever the state is; "ddalab health" is the one that judges.'
  static override examples = ['ddalab status', 'ddalab status -i lab --json']
  static override flags = { ...instanceFlags, ...engineFlags }

  async run(): Promise<number> {
    const { flags } = await this.parse(StatusCommand)
    const { status: data, warnings } = await status(...this.place(flags))
    for (const warning of warnings) this.shell.warn(warning)
    const exit = this.shell.answer(data, (found, style) => renderStatus(found, style, this.shell.now()))
    if (data.state === 'absent') this.shell.note(`Nothing is deployed. Deploy it with: ${this.next('deploy', flags)}`)
    return exit
  }
}
