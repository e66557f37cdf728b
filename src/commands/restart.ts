import { lifecycle } from '../core/actions/lifecycle.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange } from '../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags, serviceArguments } from '../ui/cli/flags.ts'

export default class Restart extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Stop and start services, and wait until they are healthy'
  static override description = 'The containers stay the same: a changed configuration is the work of deploy.'
  static override examples = ['ddalab restart', 'ddalab restart api -i lab']
  static override args = serviceArguments
  static override flags = { ...instanceFlags, ...engineFlags, ...changeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Restart)
    const services = args.service ?? []
    this.shell.interrupt.beginWork()
    const report = await lifecycle(...this.place(flags), 'restart', services, { dryRun: flags['dry-run'] })
    return answerChange(this.shell, report, services)
  }
}
