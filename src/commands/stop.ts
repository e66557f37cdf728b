import { lifecycle } from '../core/actions/lifecycle.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange } from '../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags, serviceArguments } from '../ui/cli/flags.ts'

export default class Stop extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Stop services, in the reverse order of dependencies; nothing is removed'
  static override description = 'Containers, networks and data stay. "ddalab start" starts them again.'
  static override examples = ['ddalab stop', 'ddalab stop api -i lab']
  static override args = serviceArguments
  static override flags = { ...instanceFlags, ...engineFlags, ...changeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Stop)
    const services = args.service ?? []
    this.shell.interrupt.beginWork()
    const report = await lifecycle(...this.place(flags), 'stop', services, { dryRun: flags['dry-run'] })
    return answerChange(this.shell, report)
  }
}
