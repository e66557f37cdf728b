import { template } from '../../core/actions/templates.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { configDirFlag, word } from '../../ui/cli/flags.ts'
import { renderTemplate } from '../../ui/cli/views/templates.ts'

export default class TemplatesShow extends BaseCommand {
  static override group = 'set-up' as const
  static override summary = 'Show what a template is and what can be set'
  static override examples = ['ddalab templates show demo']
  static override args = { template: word({ description: 'Its name', required: true }) }
  static override flags = configDirFlag

  async run(): Promise<number> {
    const { flags, args } = await this.parse(TemplatesShow)
    const [world] = this.place(flags)
    return this.shell.answer(await template(world, args.template), renderTemplate)
  }
}
