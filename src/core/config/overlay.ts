import { DEFAULT_ENVIRONMENT, ENVIRONMENTS, type EnvironmentName } from './environments.ts'
import type { Finding } from './finding.ts'
import { formatPath, getPath, isTree, type Path } from './path.ts'
import type { Config } from './schema.ts'

/** A config with settings over it: sections are merged key by key, everything else is replaced as a whole. */
export function over(base: Config, upper: Partial<Config> | undefined): Config
export function over(base: unknown, upper: unknown): unknown {
  return merged(base, upper)
}

function merged(base: unknown, upper: unknown): unknown {
  if (upper === undefined) return base
  if (!isTree(base) || !isTree(upper)) return upper
  const added = Object.entries(upper).map(([key, value]) => [key, merged(base[key], value)])
  return { ...base, ...Object.fromEntries(added) }
}

/** The environment that a file is for when nobody says another one. */
export function ownEnvironment({ environment }: Pick<Config, 'environment'>): EnvironmentName {
  return environment ?? DEFAULT_ENVIRONMENT
}

/** What a file says for one environment: its overlay over the rest. */
export function inEnvironment({ environments, ...file }: Config, environment: EnvironmentName): Config {
  return over({ ...file, environment }, environments?.[environment])
}

/** Where in the file a value stands that holds in an environment; of one that is nowhere, where it would have to stand. */
export function writtenAt(config: Config, environment: EnvironmentName, path: Path): Path {
  const inOverlay: Path = ['environments', environment, ...path]
  const isOfOverlay = getPath(config, inOverlay) !== undefined
  const isOfFile = getPath(config, path) !== undefined
  return isOfOverlay || (!isOfFile && config.environments?.[environment] !== undefined) ? inOverlay : path
}

/**
 * What rules find in a file, for every environment that it is about: its own and those with an overlay. What an overlay
 * brings about is told with its name and at its place, all else once.
 */
export function findingsByEnvironment<F extends Finding>(
  config: Config,
  rules: (config: Config) => readonly F[],
): readonly F[] {
  const { environments = {}, ...file } = config
  const plain = new Map(rules(file).map((finding) => [keyOf(finding), finding]))
  const found = ENVIRONMENTS.filter((name) => name === ownEnvironment(config) || environments[name] !== undefined)
    .flatMap((name) => rules(inEnvironment(config, name)).map((finding) => ({ name, finding })))
    .map(({ name, finding }) => plain.get(keyOf(finding)) ?? ofOverlay(config, name, finding))
  return [...new Map(found.map((finding) => [keyOf(finding), finding])).values()]
}

function ofOverlay<F extends Finding>(config: Config, environment: EnvironmentName, finding: F): F {
  const path = writtenAt(config, environment, finding.path)
  return { ...finding, path, message: `In ${environment}: ${finding.message}` }
}

function keyOf({ path, message }: Finding): string {
  return `${formatPath(path)} ${message}`
}
