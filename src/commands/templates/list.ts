import { templates } from '../../core/actions/templates.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { configDirFlag } from '../../ui/cli/flags.ts'
import { renderTemplates } from '../../ui/cli/views/templates.ts'

export default class TemplatesList extends BaseCommand {
  static override group = 'set-up' as const
  static override summary = 'List the stacks there are to deploy'
  static override description = 'Your own ones are folders in "templates" beside "instances" (see --config-dir).'
  static override examples = ['ddalab templates list']
  static override flags = configDirFlag

  async run(): Promise<number> {
    const { flags } = await this.parse(TemplatesList)
    const [world] = this.place(flags)
    return this.shell.answer({ templates: await templates(world) }, (data, style) =>
      renderTemplates(data.templates, style),
    )
  }
}
