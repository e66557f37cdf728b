import { type Editing, editByHand } from '../../core/actions/config/edit-by-hand.ts'
import { DdalabError } from '../../core/errors.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { defaultEditor, openEditor } from '../../ui/cli/editor.ts'
import { renderError } from '../../ui/cli/errors.ts'
import { configChangeFlags, instanceFlags } from '../../ui/cli/flags.ts'

export default class ConfigEdit extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Edit the config in your editor (VISUAL, EDITOR); it is checked before it is written'
  static override description =
    `When something is wrong with it, the errors are shown with their lines, and the editor can be opened again.
A secret stands there encrypted: type the new value over it.`
  static override examples = ['ddalab config edit', 'EDITOR="code --wait" ddalab config edit --apply']
  static override flags = { ...instanceFlags, ...configChangeFlags }

  async run(): Promise<number> {
    const { flags } = await this.parse(ConfigEdit)
    const prompter = this.shell.prompter(flags['no-input'])
    const { platform, editor = defaultEditor(platform) } = this.shell.environment
    if (!prompter.possible && this.shell.environment.editor === undefined) {
      throw new DdalabError('INPUT_REQUIRED', 'An editor needs a terminal.', {
        hint: 'Use: ddalab config set KEY=VALUE',
      })
    }
    const [world, target] = this.place(flags)
    const options = configChangeOptions(this.shell, 'change', flags)
    const editing: Editing = {
      edit: (file) => openEditor(editor, file, platform),
      again: async (error) => {
        if (!prompter.possible) return false
        this.shell.note(renderError(error, this.shell.style))
        return !/^n/i.test((await prompter.ask('Open the editor again? [Y/n] ')) ?? 'n')
      },
    }
    return answerConfigChange(this.shell, await editByHand(world, target, editing, options))
  }
}
