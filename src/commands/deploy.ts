import * as Flags from '@oclif/core/flags'
import { deploy } from '../core/actions/deploy.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { answerChange, consent } from '../ui/cli/changes.ts'
import { changeFlags, engineFlags, instanceFlags, pullFlag } from '../ui/cli/flags.ts'

export default class Deploy extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Bring what runs to what the configuration says, and wait until it is healthy'
  static override description =
    `On a terminal the plan is shown first, and asked about when it implies downtime or removes something.
When a step fails, what was done is undone, and what ran before runs again (exit code 5); the config is that of the
running release again, and what was edited stays in its history. A file given with -f is left as it is.
Exit code 8: there was nothing to do, but a service is not well.`
  static override examples = ['ddalab deploy', 'ddalab deploy --dry-run', 'ddalab deploy -i lab --yes --events']
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...changeFlags,
    ...pullFlag,
    plan: Flags.string({
      description: 'Carry out the plan with this fingerprint, or nothing',
      helpValue: 'FINGERPRINT',
    }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Deploy)
    this.shell.interrupt.beginWork()
    const report = await deploy(...this.place(flags), {
      ...consent(this.shell, flags, this.shell.prompter(flags['no-input'])),
      dryRun: flags['dry-run'],
      pull: flags.pull,
      ...(flags.plan !== undefined && { fingerprint: flags.plan }),
    })
    return answerChange(this.shell, report, [])
  }
}
