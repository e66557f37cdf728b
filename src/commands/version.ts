import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../ui/cli/base-command.ts'
import { renderLicenses } from '../ui/cli/views/licenses.ts'

interface VersionData {
  readonly ddalab: string
  readonly node: string
  readonly platform: string
}

export default class Version extends BaseCommand {
  static override summary = 'Show the version of ddalab, of Node and the platform'
  static override examples = ['ddalab version', 'ddalab version --json', 'ddalab version --licenses']
  static override flags = {
    licenses: Flags.boolean({ description: 'Show the licences of everything that is part of the program' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Version)
    if (flags.licenses) return this.shell.answer(this.installation.licenses(), renderLicenses)
    const data: VersionData = {
      ddalab: this.config.version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }
    return this.shell.answer(data, ({ ddalab, node, platform }) => `ddalab ${ddalab} (Node ${node}, ${platform})`)
  }
}
