import { BaseCommand } from '../../ui/cli/base-command.ts'

export default class ConfigSchema extends BaseCommand {
  static override group = 'configuration' as const
  static override summary = 'Print the JSON Schema of the config, for editors and other programs'
  static override examples = ['ddalab config schema > deployment-config.schema.json']

  async run(): Promise<number> {
    await this.parse(ConfigSchema)
    const { jsonSchema } = await import('../../core/config/index.ts')
    return this.shell.answer({ schema: jsonSchema() }, ({ schema }) => JSON.stringify(schema, null, 2))
  }
}
