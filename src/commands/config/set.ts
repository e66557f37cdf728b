import * as Flags from '@oclif/core/flags'
import { changeConfig } from '../../core/actions/config/change-config.ts'
import { setting } from '../../core/actions/config/edits.ts'
import { DdalabError } from '../../core/errors.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { answerConfigChange, configChangeOptions } from '../../ui/cli/config-changes.ts'
import { configChangeFlags, instanceFlags, word } from '../../ui/cli/flags.ts'
import { readSetting } from '../../ui/cli/settings.ts'

export default class ConfigSet extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Set settings: all of them or none, checked before anything is written'
  static override description =
    `Comments, order and layout of the file stay as they are. With --apply the services concerned are restarted
too, and a failure leaves both the file and what runs as they were. With --environment the settings hold in that
environment only (environments.NAME of the file).
A secret never goes on the command line: name it alone to be asked for it, or give it in a file or on stdin.`
  static override examples = [
    'ddalab config set api.port=8002',
    'ddalab config set ingress.domain=lab.example.org ssl.enabled=true -m "new name" --apply',
    'ddalab config set --environment staging ingress.domain=staging.example.org',
    'ddalab config set auth.ldap.bindPassword',
    'pass show lab/ldap | ddalab config set --set-file auth.ldap.bindPassword=-',
    'ddalab config set --generate cache.redis.password',
  ]
  static override args = { setting: word({ description: 'KEY=VALUE', multiple: true }) }
  static override flags = {
    ...instanceFlags,
    ...configChangeFlags,
    'set-file': Flags.string({
      description: 'A setting whose value is in a file, or on stdin (-); for secrets',
      helpValue: 'KEY=FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    generate: Flags.string({
      description: 'Make a new secret for this setting',
      helpValue: 'KEY',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(ConfigSet)
    const { generate = [] } = flags
    const words = args.setting ?? []
    const set = words.filter((given) => given.includes('='))
    const asked = words.filter((given) => !given.includes('='))
    if (words.length + generate.length + (flags['set-file'] ?? []).length === 0) {
      throw new DdalabError('USAGE', 'Nothing is to be set.', { hint: 'Name it as KEY=VALUE, as in api.port=8002.' })
    }
    const prompter = this.shell.prompter(flags['no-input'])
    const setSecretly = []
    for (const given of flags['set-file'] ?? []) setSecretly.push(await readSetting(given))
    for (const key of asked) setSecretly.push({ key, value: await prompter.askSecret(key) })
    const [world, target] = this.place(flags)
    world.hide(setSecretly.map(({ value }) => value))
    const options = configChangeOptions(this.shell, 'change', flags)
    const report = await changeConfig(
      world,
      target,
      setting({ set, setSecretly, generate }, target.environment),
      options,
    )
    return answerConfigChange(this.shell, report)
  }
}
