import * as Flags from '@oclif/core/flags'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { changeFlags, engineFlags, instanceFlags, word } from '../ui/cli/flags.ts'
import { answerUpdate, consentToUpdate } from '../ui/cli/update.ts'
import { renderDownload, renderDue, renderUpdateCheck } from '../ui/cli/views/update.ts'

/** Without one of these the update itself is meant. */
const others = (way: string) => ['check', 'download', 'if-due'].filter((other) => other !== way)

export default class UpdateCommand extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Install an update, or look for one (--check, exit code 10), or fetch it (--download)'
  static override description =
    `Updates come from the release manifest of updates.manifest, else from the tags of the main image's registry.
A version that is named is taken from any channel, but never an older one. --if-due is for a timer: it does nothing until
updates.checkInterval has passed. What does not verify (digest, signature of the manifest, cosign) is never offered.
Installing shows the plan first, backs up the data where updates.autoBackup says so, and takes everything back when a step
fails (exit code 5): what ran before runs again, or never stopped. A version that failed here is only tried again by name.`
  static override examples = ['ddalab update', 'ddalab update --check', 'ddalab update 1.4.2 --download']
  static override args = {
    version: word({ description: 'A version, such as 1.4.2 (default: the newest of the channel)' }),
  }
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...changeFlags,
    check: Flags.boolean({
      description: 'Only tell; exit code 10 when there is an update',
      exclusive: others('check'),
    }),
    download: Flags.boolean({
      description: 'Only fetch the images, so that installing needs no registry',
      exclusive: others('download'),
    }),
    'if-due': Flags.boolean({
      description: 'Only when a check is due, as a timer calls it',
      exclusive: others('if-due'),
    }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(UpdateCommand)
    const [world, target] = this.place(flags)
    const install = this.next(args.version === undefined ? 'update' : `update ${args.version}`, flags)
    if (flags.check) {
      const { checkForUpdate } = await import('../core/actions/update-check.ts')
      const check = await checkForUpdate(world, target, { version: args.version })
      const exit = check.offer === null ? EXIT.ok : EXIT.changesPending
      return this.shell.answer(check, (data, style) => renderUpdateCheck(data, install, style), exit)
    }
    if (flags.download) {
      const { downloadUpdate } = await import('../core/actions/update-download.ts')
      const report = await downloadUpdate(world, target, { version: args.version })
      return this.shell.answer(report, (data, style) => renderDownload(data, install, style))
    }
    this.shell.interrupt.beginWork()
    const { installUpdate, update } = await import('../core/actions/update.ts')
    if (flags['if-due']) {
      if (args.version !== undefined)
        throw new DdalabError('USAGE', 'A timer takes what is newest: --if-due and a version exclude each other.')
      const { updateIfDue } = await import('../core/actions/update-due.ts')
      const due = await updateIfDue(world, target, (check) => installUpdate(world, target, check))
      return this.shell.answer(due, (data, style) => renderDue(data, install, style))
    }
    const report = await update(world, target, {
      ...consentToUpdate(this.shell, flags, this.shell.prompter(flags['no-input'])),
      version: args.version,
      dryRun: flags['dry-run'],
    })
    return answerUpdate(this.shell, report, install)
  }
}
