import { rollback } from '../core/actions/rollback/rollback.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { changeFlags, engineFlags, instanceFlags, word } from '../ui/cli/flags.ts'
import { answerRollback, consentToRollback } from '../ui/cli/rollback.ts'

export default class Rollback extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Bring back an earlier release: its images, its stack and its config'
  static override description =
    `Without a name it is the rollback point before the current release; "ddalab releases" lists them all.
The images are on this host, so no registry is needed. When a step fails, what ran before runs again (exit code 5).`
  static override examples = ['ddalab rollback', 'ddalab rollback r-0003 --dry-run', 'ddalab rollback 1.4.0 --yes']
  static override args = { release: word({ description: 'A release of "ddalab releases", or its version' }) }
  static override flags = { ...instanceFlags, ...engineFlags, ...changeFlags }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Rollback)
    this.shell.interrupt.beginWork()
    const report = await rollback(...this.place(flags), args.release, {
      ...consentToRollback(this.shell, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
    })
    return answerRollback(this.shell, report)
  }
}
