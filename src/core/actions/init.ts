import { randomBytes } from 'node:crypto'
import { access, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Config,
  CURRENT_VERSION,
  configSchema,
  type EnvironmentName,
  generateSecret,
  get,
  jsonSchema,
  loadConfig,
  newConfigText,
  parseAssignment,
  parsePath,
  resolveConfig,
  SCHEMA_FILE,
  saveConfig,
  setPath,
} from '../config/index.ts'
import { DdalabError } from '../errors.ts'
import { writeFileAtomic } from '../files.ts'
import type { Template } from '../stack/index.ts'
import { findTemplate, locateInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface InitOptions {
  readonly template?: string
  readonly environment?: EnvironmentName
  /** `K=V`, by the schema. */
  readonly set: readonly string[]
  /** A config to begin with, of any version; it is left as it is. */
  readonly from?: string
}

export interface InitReport {
  readonly instance: string
  readonly config: string
  readonly template: string
  readonly environment: EnvironmentName
  /** Paths of the secrets that were generated; never their values. */
  readonly generated: readonly string[]
}

/**
 * Writes the config of a new instance, with generated secrets. Errors: CONFIG_EXISTS, USAGE, CONFIG_*, TEMPLATE_*.
 */
export async function init(world: World, target: Target, options: InitOptions): Promise<InitReport> {
  const { paths, name } = locateInstance(world, target)
  await refuseExisting(paths.config)
  const chosen = await chosenConfig(options)
  const template = await findTemplate(world, chosen.template ?? 'ddalab')
  const { config, generated } = withSecrets(chosen, template)
  await mkdir(dirname(paths.config), { recursive: true, mode: 0o700 })
  await saveConfig(paths.config, newConfigText(config))
  await writeFileAtomic(join(dirname(paths.config), SCHEMA_FILE), `${JSON.stringify(jsonSchema(), null, 2)}\n`, {})
  return {
    instance: name,
    config: paths.config,
    template: template.name,
    environment: resolveConfig(config, template.defaults).environment,
    generated,
  }
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new DdalabError('CONFIG_EXISTS', `There is a config already: ${file}`, {
    hint: 'Deploy it with: ddalab deploy. To make another instance, name it with --instance NAME.',
  })
}

/** What the options say: the config to begin with, then template and environment, then each `K=V`. */
async function chosenConfig({ from, template, environment, set }: InitOptions): Promise<Config> {
  const base = from === undefined ? {} : (await loadConfig(from)).document.config
  const named = {
    ...base,
    version: CURRENT_VERSION,
    ...(template !== undefined && { template }),
    ...(environment !== undefined && { environment }),
  }
  const data = set.map(parseAssignment).reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), named)
  return configSchema.parse(data)
}

/** Every secret of the template that nobody gave and that the program can make. */
function withSecrets(config: Config, template: Template): { config: Config; generated: readonly string[] } {
  const resolved = resolveConfig(config, template.defaults).config
  const missing = template.parameters.flatMap(({ config: path, generate }) =>
    generate !== undefined && get(resolved, path) === undefined ? [{ path, generate }] : [],
  )
  const filled = missing.reduce<unknown>(
    (tree, { path, generate }) => setPath(tree, parsePath(path), generateSecret(generate, randomBytes)),
    config,
  )
  return { config: configSchema.parse(filled), generated: missing.map(({ path }) => path) }
}
