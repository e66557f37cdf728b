import {
  type Config,
  configSchema,
  formatPath,
  getPath,
  newConfigText,
  parseAssignment,
  parsePath,
  secretsIn,
  setPath,
} from '../../config/index.ts'
import { configPath, type Template } from '../../stack/index.ts'
import type { InitOptions } from '../init.ts'

const MASK = '••••••'

/** The config with the settings of the command line over it. Errors: USAGE. */
export function withSettings(
  config: Config,
  { set, setSecretly = [] }: Pick<InitOptions, 'set' | 'setSecretly'>,
): Config {
  const secretly = setSecretly.map(({ key, value }) => parseAssignment(`${key}=${value}`, { asText: true }))
  const all = [...set.map((given) => parseAssignment(given)), ...secretly]
  return configSchema.parse(all.reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), config))
}

/** The text that a person may see. */
export function maskedText(config: Config, template: Template): string {
  const masked = secretPaths(config, template).reduce<unknown>((tree, path) => setPath(tree, path, MASK), config)
  return newConfigText(configSchema.parse(masked))
}

/** Its secrets, to be hidden from now on. */
export function secretsOf(config: Config, template: Template): readonly string[] {
  return secretPaths(config, template).map((path) => String(getPath(config, path)))
}

/** Where the secrets are: by the schema, and by what the template declares. */
function secretPaths(config: Config, { parameters }: Template) {
  const declared = parameters.filter(({ secret }) => secret).map((parameter) => parsePath(configPath(parameter)))
  const there = declared.filter((path) => getPath(config, path) !== undefined)
  const all = [...secretsIn(config).map(({ path }) => path), ...there]
  return [...new Map(all.map((path) => [formatPath(path), path])).values()]
}
