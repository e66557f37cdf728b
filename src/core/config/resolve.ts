import type { EnvironmentName } from './environments.ts'
import { over, ownEnvironment } from './overlay.ts'
import { formatPath, getPath, isTree, type Path, parsePath } from './path.ts'
import type { Config, ConfigDefaults } from './schema.ts'

export const DEFAULT_TEMPLATE = 'ddalab'

/**
 * Where a value of a resolved config comes from, the last one winning: the template's defaults, those for the environment,
 * the file, what the file says for the environment only (`environments`), the command line (which environment it is).
 */
export type Origin = 'default' | 'environment default' | 'file' | 'overlay' | 'command line'

/** A template's defaults: for all environments, and for each over these. */
export interface DefaultsTree {
  readonly all?: ConfigDefaults | undefined
  readonly development?: ConfigDefaults | undefined
  readonly staging?: ConfigDefaults | undefined
  readonly production?: ConfigDefaults | undefined
}

export interface ResolvedConfig {
  /** What holds; without `environments`, of which one has come in. */
  readonly config: Config
  readonly environment: EnvironmentName
  /** The origin of a value (a list is one value, and so are its items); undefined for a section and for what is not set. */
  readonly origin: (path: string) => Origin | undefined
  /** The dotted path of every value. */
  readonly paths: readonly string[]
}

/**
 * Defaults < defaults of the environment < the document < its overlay for the environment. Sections are merged, everything
 * else is replaced. The environment is the one that is asked for, else the document's.
 */
export function resolveConfig(document: Config, defaults: DefaultsTree, asked?: EnvironmentName): ResolvedConfig {
  const environment = asked ?? ownEnvironment(document)
  const { environments, ...file } = document
  const everywhere = { ...defaults.all, version: file.version, template: DEFAULT_TEMPLATE, environment }
  const here = defaults[environment]
  const overlay = environments?.[environment]
  const layers: readonly (readonly [Origin, object | undefined])[] = [
    ['default', everywhere],
    ['environment default', here],
    ['file', file],
    ['overlay', overlay],
    ['command line', asked === undefined ? undefined : { environment }],
  ]
  const origins = new Map(
    layers.flatMap(([origin, layer]) => leaves(layer).map((path): [string, Origin] => [path, origin])),
  )
  return {
    config: { ...over(over(over(everywhere, here), file), overlay), environment },
    environment,
    origin: (path) => origins.get(formatPath(withoutItem(parsePath(path)))),
    paths: [...origins.keys()],
  }
}

/** The value at a dotted path, or undefined: `get(config, 'storage.minio.port')`. */
export function get(config: ConfigDefaults, path: string): unknown {
  return getPath(config, parsePath(path))
}

/** The path of the list that an item is in. */
function withoutItem(path: Path): Path {
  const item = path.findIndex((step) => typeof step === 'number')
  return item === -1 ? path : path.slice(0, item)
}

function leaves(tree: unknown, path: Path = []): readonly string[] {
  if (tree === undefined) return []
  if (!isTree(tree)) return [formatPath(path)]
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, [...path, key]))
}
