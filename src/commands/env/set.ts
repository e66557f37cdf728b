import * as Flags from '@oclif/core/flags'
import { setEnvironment } from '../../core/actions/config/env.ts'
import { DdalabError } from '../../core/errors.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags, word } from '../../ui/cli/flags.ts'
import { readSetting } from '../../ui/cli/settings.ts'
import { renderNames } from '../../ui/cli/views/env.ts'

export default class EnvSet extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Set variables of the services: all of them or none'
  static override description =
    `A name that is mapped sets the setting that it is made of; another one is your own, for the main service. Its value may
use \${NAME} of others. With --environment it holds in that environment only.
A secret never goes on the command line; give it in a file, or pipe it in:
  pass show lab/token | ddalab env set --secret-file API_TOKEN=-`
  static override examples = [
    'ddalab env set LOG_LEVEL=debug DDALAB_API_PORT=8002',
    "ddalab env set 'METRICS_URL=http://metrics:${METRICS_PORT:-9100}' --apply",
    'ddalab env set --environment staging LOG_LEVEL=debug',
    'ddalab env set --secret-file API_TOKEN=token.txt',
  ]
  static override args = { variable: word({ description: 'NAME=VALUE', multiple: true }) }
  static override flags = {
    ...instanceFlags,
    ...configChangeFlags,
    'secret-file': Flags.string({
      description: 'A variable whose value is in a file, or on stdin (-); it is kept as a secret',
      helpValue: 'NAME=FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(EnvSet)
    const open = (args.variable ?? []).map(assignment)
    const files = flags['secret-file'] ?? []
    if (open.length + files.length === 0) throw shapeless()
    const secret = []
    for (const file of files) {
      const { key, value } = await readSetting(file, 'ddalab env set --secret-file')
      secret.push({ name: key, value })
    }
    const options = configChangeOptions(this.shell, 'change', flags)
    const report = await setEnvironment(...this.place(flags), { open, secret }, options)
    for (const sentence of renderNames(report, this.shell.style)) this.shell.note(sentence)
    return answerConfigChange(this.shell, report)
  }
}

function assignment(text: string) {
  const equals = text.indexOf('=')
  if (equals < 1) throw shapeless()
  return { name: text.slice(0, equals), value: text.slice(equals + 1) }
}

function shapeless(): DdalabError {
  return new DdalabError('USAGE', 'A variable is given as NAME=VALUE.', { hint: 'For example LOG_LEVEL=debug.' })
}
