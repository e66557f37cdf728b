import {
  DEFAULT_TEMPLATE,
  type EnvironmentName,
  editText,
  loadConfig,
  resolveConfig,
  secretsIn,
} from '../../config/index.ts'
import { type EnvironmentVariable, environmentVariables } from '../../stack/index.ts'
import { findTemplate } from '../find-template.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { type ConfigChangeOptions, type ConfigChangeReport, changeConfig } from './change-config.ts'
import { type EnvEdits, type NamedValue, setEdits, unsetEdits } from './env-edits.ts'
import type { ConfigText } from './prepare-change.ts'

export interface EnvironmentListing {
  readonly environment: EnvironmentName
  /** By name; secrets masked. */
  readonly variables: readonly EnvironmentVariable[]
}

/** All variables of an instance. Needs neither engine nor identity. Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*, SECRET_MISSING. */
export async function listEnvironment(world: World, target: Target): Promise<EnvironmentListing> {
  const place = locateInstance(world, target)
  const { document } = await loadConfig(place.paths.config).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  world.hide(secretsIn(document.config).map(({ value }) => value))
  const template = await findTemplate(world, document.config.template ?? DEFAULT_TEMPLATE)
  const config = resolveConfig(document.config, template.defaults, target.environment)
  const variables = environmentVariables({
    config,
    template,
    project: place.name,
    workingDir: place.paths.directory,
    home: world.environment.home,
  })
  return { environment: config.environment, variables }
}

export interface EnvChangeReport extends ConfigChangeReport {
  /** What each name came to be in the config. */
  readonly changes: EnvEdits['changes']
}

/** Gives variables values. `secret` ones came by a way that nobody else can read. Errors: USAGE, those of `changeConfig`. */
export function setEnvironment(
  world: World,
  target: Target,
  { open, secret }: { readonly open: readonly NamedValue[]; readonly secret: readonly NamedValue[] },
  options: ConfigChangeOptions,
): Promise<EnvChangeReport> {
  world.hide(secret.map(({ value }) => value))
  return changeVariables(world, target, options, (config) => setEdits(subjectOf(config, target), open, secret))
}

/** Takes variables out of the config. Errors: USAGE for a name that nobody knows, those of `changeConfig`. */
export function unsetEnvironment(
  world: World,
  target: Target,
  names: readonly string[],
  options: ConfigChangeOptions,
): Promise<EnvChangeReport> {
  return changeVariables(world, target, options, (config) => unsetEdits(subjectOf(config, target), names))
}

function subjectOf({ data, template }: ConfigText, { environment }: Target) {
  return { data, template, environment }
}

async function changeVariables(
  world: World,
  target: Target,
  options: ConfigChangeOptions,
  edit: (config: ConfigText) => EnvEdits,
): Promise<EnvChangeReport> {
  let done: EnvEdits = { edits: [], changes: [], warnings: [] }
  const report = await changeConfig(
    world,
    target,
    (config) => {
      done = edit(config)
      return { text: editText(config.text, done.edits, config.file), warnings: done.warnings }
    },
    options,
  )
  return { ...report, changes: done.changes }
}
