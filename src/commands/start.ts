import { lifecycle } from '../core/actions/lifecycle.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange } from '../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags, serviceArguments } from '../ui/cli/flags.ts'

export default class Start extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Start what was stopped, in the order of dependencies, and wait until it is healthy'
  static override description = 'Creates nothing: that is the work of deploy.'
  static override examples = ['ddalab start', 'ddalab start api -i lab']
  static override args = serviceArguments
  static override flags = { ...instanceFlags, ...engineFlags, ...changeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Start)
    const services = args.service ?? []
    this.shell.interrupt.beginWork()
    const report = await lifecycle(...this.place(flags), 'start', services, { dryRun: flags['dry-run'] })
    return answerChange(this.shell, report, services)
  }
}
