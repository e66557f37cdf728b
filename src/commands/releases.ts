import { releases } from '../core/actions/releases.ts'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { instanceFlags } from '../ui/cli/flags.ts'
import { releasesData, renderReleases } from '../ui/cli/views/releases.ts'

export default class Releases extends BaseCommand {
  static override group = 'releases' as const
  static override summary = 'List what was deployed, and what "rollback" can go back to'
  static override examples = ['ddalab releases', 'ddalab releases -i lab --json']
  static override flags = instanceFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(Releases)
    const listed = await releases(...this.place(flags))
    return this.shell.answer(releasesData(listed), (_data, style) => renderReleases(listed, style, this.shell.now()))
  }
}
