import { resolve } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { importInstallation } from '../core/actions/import/import.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { configDirFlag, consentFlags, engineFlags, instanceFlags, settingFlags, word } from '../ui/cli/flags.ts'
import { confirm } from '../ui/cli/prompt.ts'
import { readSetting } from '../ui/cli/settings.ts'
import { renderImport } from '../ui/cli/views/import.ts'

export default class Import extends BaseCommand {
  static override group = 'set-up' as const
  static override summary =
    'Take over an existing installation: its settings, secrets and data; the original stays as it is'
  static override description =
    `PATH is a folder with a Compose file (DDALAB-setup), that file, or a config of ConfigManager. Without it the usual places
are searched, and the containers that run. The next deploy replaces the containers in place; what cannot be carried over is
told, each thing with its line.`
  static override examples = [
    'ddalab import --dry-run',
    'ddalab import ~/DDALAB-setup',
    'ddalab import --project ddalab -i lab --set ingress.httpsPort=8443',
  ]
  static override args = { path: word({ description: 'Folder or file of the installation' }) }
  static override flags = {
    instance: instanceFlags.instance,
    ...configDirFlag,
    ...engineFlags,
    ...consentFlags,
    project: Flags.string({ description: 'A running Compose project, by its name', helpValue: 'NAME' }),
    ...settingFlags,
    'dry-run': Flags.boolean({ description: 'Show the config and what is not in it, and write nothing' }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(Import)
    const { instance, project, set = [], yes } = flags
    const setSecretly = []
    for (const setting of flags['set-file'] ?? []) setSecretly.push(await readSetting(setting))
    const report = await importInstallation(...this.place(flags), {
      ...(args.path !== undefined && { path: resolve(args.path) }),
      ...(project !== undefined && { project }),
      ...(instance !== undefined && { instance }),
      dryRun: flags['dry-run'],
      set,
      setSecretly,
      confirm: (what) => confirm(`Import ${what}?`, { yes }, this.shell.prompter(flags['no-input'])),
    })
    const next = [this.next('plan', { ...flags, instance: report.instance })]
    return this.shell.answer(report, (data, style) => renderImport(data, next, style))
  }
}
