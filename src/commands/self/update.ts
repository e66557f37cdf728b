import * as Flags from '@oclif/core/flags'
import { DdalabError, EXIT } from '../../core/errors.ts'
import { BaseCommand } from '../../ui/cli/base-command.ts'
import { configDirFlag, word } from '../../ui/cli/flags.ts'
import { installedProgram } from '../../ui/cli/installed-program.ts'
import { renderProgramChange, renderProgramCheck } from '../../ui/cli/views/self-update.ts'

export default class SelfUpdate extends BaseCommand {
  static override summary = 'Replace the program by its newest release, or go back to the one before (--rollback)'
  static override description =
    `The release is taken only when its SHA-256 and the minisign signature over it are right, when it is made for this system and
processor, and when it starts. The old program is replaced in one step, and kept for --rollback; a second --rollback goes
forward again. While an operation runs on an instance nothing is replaced (exit code 7). An older release is taken only by
its number. A mirror has what GitHub has: latest/download/FILE and download/vVERSION/FILE below --from.`
  static override examples = ['ddalab self update', 'ddalab self update --check', 'ddalab self update --rollback']
  static override args = {
    version: word({ description: 'A version, also an older one (default: the newest release)' }),
  }
  static override flags = {
    ...configDirFlag,
    check: Flags.boolean({
      description: 'Only tell; exit code 10 when there is a newer release',
      exclusive: ['rollback', 'dry-run'],
    }),
    rollback: Flags.boolean({ description: 'Put the previous program back' }),
    'dry-run': Flags.boolean({ description: 'Say what would be installed, and stop' }),
    from: Flags.string({ description: 'Where the releases are', env: 'DDALAB_RELEASES_URL', helpValue: 'URL' }),
    key: Flags.string({
      description: 'The minisign public key of who publishes them',
      env: 'DDALAB_RELEASES_KEY',
      helpValue: 'KEY',
    }),
  }

  async run(): Promise<number> {
    const { flags, args } = await this.parse(SelfUpdate)
    if (flags.rollback && args.version !== undefined)
      throw new DdalabError('USAGE', 'What is kept is one version: --rollback and a version exclude each other.')
    const { askVersion, checkProgram, PUBLISHER, rollbackProgram, updateProgram } = await import(
      '../../core/self-update/index.ts'
    )
    const [world] = this.place(flags)
    const installed = installedProgram(this.config.version)
    const dryRun = flags['dry-run']
    if (flags.rollback) {
      const change = await rollbackProgram(world, installed, { dryRun }, askVersion)
      return this.shell.answer(change, renderProgramChange)
    }
    const place = { url: flags.from ?? PUBLISHER.url, key: flags.key ?? PUBLISHER.key }
    const request = { place, version: args.version, dryRun }
    if (flags.check) {
      const check = await checkProgram(world, installed, request)
      const exit = check.offer === null ? EXIT.ok : EXIT.changesPending
      return this.shell.answer(check, renderProgramCheck, exit)
    }
    return this.shell.answer(await updateProgram(world, installed, request, askVersion), renderProgramChange)
  }
}
