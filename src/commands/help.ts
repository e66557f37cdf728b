import { DdalabError } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { word } from '../ui/cli/flags.ts'
import { commandHelp, exitCodesHelp, rootHelp, topicHelp } from '../ui/cli/help-view.ts'
import { groupsOf } from '../ui/cli/manifest.ts'
import { resolveCommand } from '../ui/cli/resolve-command.ts'
import type { Style } from '../ui/cli/style.ts'

export default class Help extends BaseCommand {
  static override summary = 'Show help for all commands, for one, or for the exit codes'
  static override examples = ['ddalab help', 'ddalab help deploy', 'ddalab help exit-codes']
  static override args = { command: word({ description: 'A command, a topic, or exit-codes', multiple: true }) }

  async run(): Promise<number> {
    const { args } = await this.parse(Help)
    const text = this.helpOn(args.command ?? [])
    return this.shell.answer({ help: text(this.shell.style) }, (_data, style) => text(style))
  }

  private helpOn(names: readonly string[]): (style: Style) => string {
    const manifest = this.installation.manifest()
    const facts = this.installation.facts()
    if (names.length === 0) return (style) => rootHelp(manifest, facts, style)
    if (names.join(' ') === 'exit-codes') return exitCodesHelp
    const topic = names.join(':')
    if (Object.keys(manifest.commands).some((id) => id.startsWith(`${topic}:`))) {
      return (style) => topicHelp(topic, manifest, facts, style)
    }
    const command = manifest.commands[resolveCommand(names, groupsOf(manifest), () => manifest).id]
    if (command === undefined) throw new DdalabError('USAGE', `There is no help on "${names.join(' ')}".`)
    return (style) => commandHelp(command, style)
  }
}
