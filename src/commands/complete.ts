import { BaseCommand } from '../ui/cli/base-command.ts'
import { complete } from '../ui/cli/completion/complete.ts'
import { diskValues } from '../ui/cli/completion/values.ts'

/** Asked by the completion scripts: `complete -- WORD... PARTIAL` prints one candidate a line, its description after a tab. */
export default class Complete extends BaseCommand {
  static override summary = 'Candidates for the completion of a command line'
  static override hidden = true
  static tail = 'WORD...'

  async run(): Promise<number> {
    const words = this.argv.slice(this.argv.indexOf('--') + 1)
    const { templatesDir, templateFiles } = this.installation
    const values = diskValues(this.shell.environment.configHome, templatesDir, { templateFiles })
    const candidates = await complete(words, this.installation.manifest(), values)
    return this.shell.answer(candidates, (found) =>
      found.map(({ value, description }) => (description === '' ? value : `${value}\t${description}`)).join('\n'),
    )
  }
}
