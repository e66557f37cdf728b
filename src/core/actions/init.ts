import { randomBytes } from 'node:crypto'
import { access, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Config,
  CURRENT_VERSION,
  configSchema,
  DEFAULT_TEMPLATE,
  type EnvironmentName,
  formatPath,
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
import { configPath, type Template } from '../stack/index.ts'
import { findTemplate } from './find-template.ts'
import { locateInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface InitOptions {
  readonly template?: string
  readonly environment?: EnvironmentName
  /** `K=V`, by the schema; secrets are refused here. */
  readonly set: readonly string[]
  /** Values that came by a way that nobody else can read: where secrets are allowed. */
  readonly setSecretly?: readonly { readonly key: string; readonly value: string }[]
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
  world.hide((options.setSecretly ?? []).map(({ value }) => value))
  const chosen = await chosenConfig(options)
  const template = await findTemplate(world, chosen.template ?? DEFAULT_TEMPLATE)
  refuseOpenSecrets(options.set, template)
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
async function chosenConfig({ from, template, environment, set, setSecretly = [] }: InitOptions): Promise<Config> {
  const base = from === undefined ? {} : (await loadConfig(from)).document.config
  const named = {
    ...base,
    version: CURRENT_VERSION,
    ...(template !== undefined && { template }),
    ...(environment !== undefined && { environment }),
  }
  const all = [...set, ...setSecretly.map(({ key, value }) => `${key}=${value}`)]
  const data = all.map(parseAssignment).reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), named)
  return configSchema.parse(data)
}

/** Command lines are kept in histories and seen by every user of the machine: a secret does not belong there (contract 8). */
function refuseOpenSecrets(set: readonly string[], { parameters }: Template): void {
  const secrets = parameters.filter(({ secret }) => secret).map(configPath)
  const open = set.map(parseAssignment).find(({ path, secret }) => secret || secrets.includes(formatPath(path)))
  if (open === undefined) return
  const name = formatPath(open.path)
  throw new DdalabError('USAGE', `${name} is a secret and must not be on the command line.`, {
    hint: `Give it in a file or on stdin: --set-file ${name}=PATH, or --set-file ${name}=- with the value piped in.`,
  })
}

/** Every secret of the template that nobody gave and that the program can make. */
function withSecrets(config: Config, template: Template): { config: Config; generated: readonly string[] } {
  const resolved = resolveConfig(config, template.defaults).config
  const missing = template.parameters.flatMap((parameter) => {
    const path = configPath(parameter)
    return parameter.generate !== undefined && get(resolved, path) === undefined
      ? [{ path, generate: parameter.generate }]
      : []
  })
  const filled = missing.reduce<unknown>(
    (tree, { path, generate }) => setPath(tree, parsePath(path), generateSecret(generate, randomBytes)),
    config,
  )
  return { config: configSchema.parse(filled), generated: missing.map(({ path }) => path) }
}
