import * as Flags from '@oclif/core/flags'
import { render } from '../core/actions/render.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { instanceFlags, wordOf } from '../ui/cli/flags.ts'
import { renderFiles } from '../ui/cli/views/files.ts'

const KINDS = ['compose', 'env', 'ingress'] as const

export default class RenderCommand extends BaseCommand {
  static override group = 'deployment' as const
  static override summary = 'Print the files that a deploy would write: the Compose file, .env, the routes'
  static override description = 'Writes nothing and needs no engine. The values of secrets are masked without --reveal.'
  static override examples = ['ddalab render compose', 'ddalab render env --reveal > .env']
  static override args = { kind: wordOf([...KINDS, 'all'] as const)({ description: 'What to print', required: true }) }
  static override flags = {
    ...instanceFlags,
    reveal: Flags.boolean({ description: 'Print the values of secrets' }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(RenderCommand)
    const kinds = args.kind === 'all' ? KINDS : [args.kind]
    const files = await render(...this.place(flags), kinds, { reveal: flags.reveal })
    if (files.length === 0) this.shell.note('The stack has no ingress.')
    return this.shell.answer({ files }, (data, style) => renderFiles(data.files, style))
  }
}
