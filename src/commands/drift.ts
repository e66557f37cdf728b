import { drift } from '../core/actions/drift.ts'
import { EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, instanceFlags } from '../ui/cli/flags.ts'
import { renderDrift } from '../ui/cli/views/drift.ts'

export default class DriftCommand extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Tell whether what runs is what the configuration says; exit code 10 when not'
  static override description = 'Changes nothing. "ddalab deploy" puts right what differs.'
  static override examples = ['ddalab drift', 'ddalab drift -i lab --json']
  static override flags = { ...instanceFlags, ...engineFlags }

  async run(): Promise<number> {
    const { flags } = await this.parse(DriftCommand)
    const [world, target] = this.place(flags)
    const found = await drift(world, target)
    return this.shell.answer(
      found,
      (data, style) => renderDrift(target.instance, data, style),
      found.drifted ? EXIT.changesPending : EXIT.ok,
    )
  }
}
