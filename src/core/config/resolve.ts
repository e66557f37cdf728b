import { formatPath, getPath, isTree, type Path, parsePath } from './path.ts'
import type { Config, ConfigDefaults, EnvironmentName } from './schema.ts'

export const DEFAULT_TEMPLATE = 'ddalab'
export const DEFAULT_ENVIRONMENT: EnvironmentName = 'production'

/** Where a value of a resolved config comes from. */
export type Origin = 'file' | 'environment default' | 'default'

/** A template's defaults: for all environments, and for each over these. */
export interface DefaultsTree {
  readonly all?: ConfigDefaults | undefined
  readonly development?: ConfigDefaults | undefined
  readonly staging?: ConfigDefaults | undefined
  readonly production?: ConfigDefaults | undefined
}

export interface ResolvedConfig {
  readonly config: Config
  readonly environment: EnvironmentName
  /** The origin of a value (a list is one value); undefined for a section and for what is not set. */
  readonly origin: (path: string) => Origin | undefined
  /** The dotted path of every value. */
  readonly paths: readonly string[]
}

/** Defaults < defaults of the environment < the document. Sections are merged, everything else is replaced. */
export function resolveConfig(document: Config, defaults: DefaultsTree): ResolvedConfig {
  const environment = document.environment ?? DEFAULT_ENVIRONMENT
  const everywhere = { ...defaults.all, template: DEFAULT_TEMPLATE, environment }
  const here = defaults[environment] ?? {}
  const origins = new Map<string, Origin>([
    ...leaves(everywhere).map((path): [string, Origin] => [path, 'default']),
    ...leaves(here).map((path): [string, Origin] => [path, 'environment default']),
    ...leaves(document).map((path): [string, Origin] => [path, 'file']),
  ])
  return {
    config: merge(merge(everywhere, here), document),
    environment,
    origin: (path) => origins.get(formatPath(parsePath(path))),
    paths: [...origins.keys()],
  }
}

/** The value at a dotted path, or undefined: `get(config, 'storage.minio.port')`. */
export function get(config: ConfigDefaults, path: string): unknown {
  return getPath(config, parsePath(path))
}

function merge(base: ConfigDefaults, over: Config): Config
function merge(base: ConfigDefaults, over: ConfigDefaults): ConfigDefaults
function merge(base: unknown, over: unknown): unknown
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isTree(base) || !isTree(over)) return over
  const added = Object.entries(over).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(added) }
}

function leaves(tree: unknown, path: Path = []): readonly string[] {
  if (tree === undefined) return []
  if (!isTree(tree)) return [formatPath(path)]
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, [...path, key]))
}
