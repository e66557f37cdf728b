import { BaseCommand } from '../ui/cli/base-command.ts'

interface VersionData {
  readonly ddalab: string
  readonly node: string
  readonly platform: string
}

export default class Version extends BaseCommand {
  static override summary = 'Show the version of ddalab, of Node and the platform'
  static override examples = ['ddalab version', 'ddalab version --json']

  async run(): Promise<number> {
    await this.parse(Version)
    const data: VersionData = {
      ddalab: this.config.version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }
    return this.shell.answer(data, ({ ddalab, node, platform }) => `ddalab ${ddalab} (Node ${node}, ${platform})`)
  }
}
