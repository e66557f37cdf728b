import { doctor, readiness } from '../core/actions/doctor.ts'
import { EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags } from '../ui/cli/flags.ts'
import { renderDoctor } from '../ui/cli/views/checks.ts'

export default class Doctor extends BaseCommand {
  static override group = 'set-up' as const
  static override summary = 'Check everything a deploy needs, and say what to do about what is missing'
  static override description = 'Changes nothing. The exit code is 4 when a check failed.'
  static override examples = ['ddalab doctor', 'ddalab doctor -i lab --json']
  static override flags = { ...instanceFlags, ...engineFlags }

  async run(): Promise<number> {
    const { flags } = await this.parse(Doctor)
    const checks = await doctor(...this.place(flags))
    const found = readiness(checks)
    return this.shell.answer(
      { ready: found === 'ready', checks },
      (data, style) => renderDoctor(data.checks, found, style),
      found === 'not ready' ? EXIT.precondition : EXIT.ok,
    )
  }
}
