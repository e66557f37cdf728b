import * as Flags from '@oclif/core/flags'
import { plan } from '../core/actions/plan.ts'
import { EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags, pullFlag } from '../ui/cli/flags.ts'
import { paint } from '../ui/cli/style.ts'
import { planData, renderObstacles, renderPlan } from '../ui/cli/views/plan.ts'

export default class PlanCommand extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Show what a deploy would do, and the downtime that it implies'
  static override description = `Changes nothing. "ddalab deploy --plan FINGERPRINT" carries out this plan and no other.
A plan that something stands in the way of is shown with what that is; the exit code is then 4.`
  static override examples = ['ddalab plan', 'ddalab plan --exit-code --json']
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...pullFlag,
    'exit-code': Flags.boolean({ description: 'Exit with 10 when there are changes' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(PlanCommand)
    const result = await plan(...this.place(flags), { pull: flags.pull })
    for (const warning of result.warnings) this.shell.warn(warning)
    const pending = flags['exit-code'] && result.plan.operations.length > 0
    const exit = result.problems.length > 0 ? EXIT.precondition : pending ? EXIT.changesPending : EXIT.ok
    const data = { ...planData(result.plan), problems: result.problems, warnings: result.warnings }
    return this.shell.answer(
      data,
      (_data, style) => {
        const text = renderPlan(result.plan, style) + renderObstacles(result.problems, style)
        if (result.problems.length > 0 || result.plan.operations.length === 0) return text
        const next = this.next(`deploy --plan ${result.plan.fingerprint}`, flags)
        return `${text}\n\n${paint(style, 'quiet', `To carry out exactly this: ${next}`)}`
      },
      exit,
    )
  }
}
