import { health } from '../core/actions/health.ts'
import { EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags, serviceArguments } from '../ui/cli/flags.ts'
import { renderHealth } from '../ui/cli/views/checks.ts'

export default class Health extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Check services from inside and outside; exit code 8 when a check fails'
  static override description =
    `Asks the engine for the health of each container, and puts the questions of the template from outside:
HTTP and TCP connections, commands, and whether services reach what they depend on.`
  static override examples = ['ddalab health', 'ddalab health api --json']
  static override args = serviceArguments
  static override flags = { ...instanceFlags, ...engineFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Health)
    const report = await health(...this.place(flags), args.service ?? [])
    return this.shell.answer(report, renderHealth, report.healthy ? EXIT.ok : EXIT.unhealthy)
  }
}
