import * as Flags from '@oclif/core/flags'
import { rollback } from '../core/actions/rollback/rollback.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { changeFlags, engineFlags, instanceFlags, word } from '../ui/cli/flags.ts'
import { answerRollback, consentToRollback } from '../ui/cli/rollback.ts'

export default class Rollback extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Bring back an earlier release: its images, its stack and its config'
  static override description =
    `Without a name it is the rollback point before the current release; "ddalab releases" lists them all.
The images are on this host, so no registry is needed. The data stays as it is unless --restore-data is given; that is carried
out only when the name of the instance is given or typed. When a step fails, what ran before runs again (exit code 5).`
  static override examples = ['ddalab rollback', 'ddalab rollback r-0003 --dry-run', 'ddalab rollback 1.4.0 --yes']
  static override args = { release: word({ description: 'A release of "ddalab releases", or its version' }) }
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...changeFlags,
    'restore-data': Flags.boolean({ description: 'Put the data back as well, to the backup of that release' }),
    confirm: Flags.string({ description: 'Agree to the loss of the data written since', helpValue: 'NAME' }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Rollback)
    this.shell.interrupt.beginWork()
    const [world, target] = this.place(flags)
    const report = await rollback(world, target, args.release, {
      ...consentToRollback(this.shell, target.instance, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
      restoreData: flags['restore-data'],
    })
    return answerRollback(this.shell, report)
  }
}
