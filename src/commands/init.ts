import * as Flags from '@oclif/core/flags'
import { init } from '../core/actions/init.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { instanceFlags, noInputFlag } from '../ui/cli/flags.ts'
import { readSetting } from '../ui/cli/settings.ts'
import { renderInit } from '../ui/cli/views/init.ts'

const ENVIRONMENTS = ['development', 'staging', 'production'] as const

export default class Init extends BaseCommand {
  static override group = 'set-up' as const
  static override summary = 'Write the configuration of a new instance, with generated secrets'
  static override description = `Settings are named by their place in the config: --set ingress.domain=lab.example.org.
A secret never goes on the command line; give it in a file, or pipe it in:
  pass show lab/ldap | ddalab init --set-file auth.ldap.bindPassword=-`
  static override examples = [
    'ddalab init',
    'ddalab init -i trial --template demo --set docker.image=busybox:latest',
    'ddalab init --environment production --set ingress.domain=lab.example.org',
  ]
  static override flags = {
    ...instanceFlags,
    ...noInputFlag,
    template: Flags.string({ description: 'What to deploy (default: ddalab)', helpValue: 'NAME' }),
    environment: Flags.option({ options: ENVIRONMENTS, description: 'Which defaults hold (default: production)' })(),
    set: Flags.string({
      description: 'A setting; may be repeated',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'set-file': Flags.string({
      description: 'A setting whose value is in a file, or on stdin (-); for secrets',
      helpValue: 'KEY=FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    from: Flags.string({ description: 'A config to begin with; it is left as it is', helpValue: 'FILE' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Init)
    const { template, environment, from, set = [] } = flags
    const setSecretly = []
    for (const setting of flags['set-file'] ?? []) setSecretly.push(await readSetting(setting))
    const report = await init(...this.place(flags), {
      set,
      setSecretly,
      ...(template !== undefined && { template }),
      ...(environment !== undefined && { environment }),
      ...(from !== undefined && { from }),
    })
    const next = [this.next('plan', flags), this.next('deploy', flags)]
    return this.shell.answer(report, (data, style) => renderInit(data, next, style))
  }
}
