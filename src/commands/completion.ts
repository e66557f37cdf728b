import { BaseCommand } from '../ui/cli/base-command.ts'
import { completionScript, SHELLS } from '../ui/cli/completion/scripts.ts'
import { wordOf } from '../ui/cli/flags.ts'

export default class Completion extends BaseCommand {
  static override summary = 'Print the completion script of a shell'
  static override description = `To use it now and in every new shell:
  bash  ddalab completion bash >> ~/.bash_completion
  zsh   ddalab completion zsh > ~/.zsh/completions/_ddalab   (a directory of $fpath)
  fish  ddalab completion fish > ~/.config/fish/completions/ddalab.fish`
  static override examples = ['source <(ddalab completion bash)', 'ddalab completion fish | source']
  static override args = { shell: wordOf(SHELLS)({ description: 'The shell', required: true }) }

  async run(): Promise<number> {
    const { args } = await this.parse(Completion)
    return this.shell.answer({ script: completionScript(args.shell) }, ({ script }) => script)
  }
}
