import {
  type Config,
  DEFAULT_TEMPLATE,
  ENVIRONMENTS,
  type EnvironmentName,
  formatPath,
  get,
  hintForUnknown,
  identityStore,
  isTree,
  loadConfig,
  type Origin,
  openConfig,
  type Path,
  parsePath,
  resolveConfig,
  schemaAt,
} from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import { secretTest } from '../../stack/index.ts'
import { findTemplate } from '../find-template.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'

/** One setting as it holds. */
export interface SettingValue {
  readonly path: string
  /** Null where it is secret and not revealed. */
  readonly value: unknown
  readonly origin: Origin
  readonly secret: boolean
}

export interface ShownConfig {
  readonly file: string
  readonly environment: EnvironmentName
  readonly template: string
  /** Everything that holds, with the defaults; a secret that is not revealed is null. */
  readonly config: unknown
  readonly settings: readonly SettingValue[]
}

/**
 * What a config means, with the defaults of its template. Only `reveal` shows secrets, and only it needs an identity.
 * Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*; with `reveal` IDENTITY_*, SECRETS_*.
 */
export async function showConfig(
  world: World,
  target: Target,
  { reveal }: { readonly reveal: boolean },
): Promise<ShownConfig> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const read = reveal ? openConfig(file, identityStore(world.environment)) : loadConfig(file)
  const { document } = await read.catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const template = await findTemplate(world, document.config.template ?? DEFAULT_TEMPLATE)
  const resolved = resolveConfig(document.config, template.defaults, target.environment)
  const isSecret = secretTest(template)
  const isHidden = (path: Path) => !reveal && isSecret(path)
  return {
    file,
    environment: resolved.environment,
    template: template.name,
    config: withoutHidden(resolved.config, isHidden),
    settings: resolved.paths.map((path) => ({
      path,
      value: isHidden(parsePath(path)) ? null : get(resolved.config, path),
      origin: resolved.origin(path) ?? 'default',
      secret: isSecret(parsePath(path)),
    })),
  }
}

function withoutHidden(tree: Config | unknown, isHidden: (path: Path) => boolean, path: Path = []): unknown {
  if (isHidden(path)) return null
  if (!isTree(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, withoutHidden(value, isHidden, [...path, key])]),
  )
}

/**
 * The settings at and below one path, as they hold. Errors: those of `showConfig`, USAGE for what is no setting,
 * SETTING_NOT_FOUND for one that nobody has set.
 */
export async function getSettings(world: World, target: Target, name: string): Promise<readonly SettingValue[]> {
  const path = parsePath(name)
  const wanted = formatPath(path)
  const [first, overlay, ...below] = path
  if (first === 'environments' && isEnvironment(overlay) && below.length > 0) {
    return getInOverlay(world, target, wanted, overlay, below)
  }
  const { settings, file } = await showConfig(world, target, { reveal: false })
  const found = settings.filter(({ path: candidate }) => candidate === wanted || isBelow(candidate, path))
  if (found.length > 0) return found
  if (schemaAt(path) === undefined) {
    throw new DdalabError('USAGE', `${wanted} is not a setting`, { hint: hintForUnknown(path) })
  }
  throw new DdalabError('SETTING_NOT_FOUND', `${wanted} is not set, and has no default`, {
    hint: `Set it with: ddalab config set ${wanted}=VALUE`,
    place: { file },
  })
}

/** What the file says for one environment only. */
async function getInOverlay(
  world: World,
  target: Target,
  wanted: string,
  environment: EnvironmentName,
  path: Path,
): Promise<readonly SettingValue[]> {
  const { settings, file } = await showConfig(world, { ...target, environment }, { reveal: false })
  const name = formatPath(path)
  const found = settings
    .filter(({ origin, path: candidate }) => origin === 'overlay' && (candidate === name || isBelow(candidate, path)))
    .map((setting) => ({ ...setting, path: `environments.${environment}.${setting.path}` }))
  if (found.length > 0) return found
  if (schemaAt(['environments', environment, ...path]) === undefined) {
    throw new DdalabError('USAGE', `${wanted} is not a setting`, { hint: hintForUnknown(path) })
  }
  throw new DdalabError('SETTING_NOT_FOUND', `${wanted} is not set`, {
    hint: `What holds there: ddalab config get --environment ${environment} ${name}`,
    place: { file },
  })
}

function isEnvironment(step: string | number | undefined): step is EnvironmentName {
  return ENVIRONMENTS.some((name) => name === step)
}

function isBelow(candidate: string, path: Path): boolean {
  const steps = parsePath(candidate)
  return steps.length > path.length && path.every((step, index) => steps[index] === step)
}
