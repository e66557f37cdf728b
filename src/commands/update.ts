import * as Flags from '@oclif/core/flags'
import { DdalabError, EXIT } from '../core/errors.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { engineFlags, eventsFlag, instanceFlags, timeoutFlag, word } from '../ui/cli/flags.ts'
import { renderDownload, renderDue, renderUpdateCheck } from '../ui/cli/views/update.ts'

/** Without one of these the update itself is meant. */
const WAYS = ['check', 'download', 'if-due']

export default class UpdateCommand extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'Look for an update, or fetch it; exit code 10 with --check when there is one'
  static override description =
    `Updates come from the release manifest of updates.manifest, else from the tags of the main image's registry.
A version that is named is taken from any channel, but never an older one. --if-due is for a timer: it does nothing until
updates.checkInterval has passed. What does not verify (digest, signature of the manifest, cosign) is never offered.`
  static override examples = ['ddalab update --check', 'ddalab update 1.4.2 --download', 'ddalab update --if-due']
  static override args = {
    version: word({ description: 'A version, such as 1.4.2 (default: the newest of the channel)' }),
  }
  static override flags = {
    ...instanceFlags,
    ...engineFlags,
    ...eventsFlag,
    ...timeoutFlag,
    check: Flags.boolean({ description: 'Only tell; exit code 10 when there is an update', exactlyOne: WAYS }),
    download: Flags.boolean({
      description: 'Only fetch the images, so that installing needs no registry',
      exactlyOne: WAYS,
    }),
    'if-due': Flags.boolean({ description: 'Only when a check is due, as a timer calls it', exactlyOne: WAYS }),
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
    if (args.version !== undefined)
      throw new DdalabError('USAGE', 'A timer takes what is newest: --if-due and a version exclude each other.')
    const { updateIfDue } = await import('../core/actions/update-due.ts')
    return this.shell.answer(await updateIfDue(world, target), (data, style) => renderDue(data, install, style))
  }
}
