import { sha256 } from '../../config/history/index.ts'
import {
  type Config,
  DEFAULT_TEMPLATE,
  describeSetting,
  type EnvironmentName,
  formatPath,
  getPath,
  isTree,
  keysAt,
  loadConfig,
  type Origin,
  type Path,
  type ResolvedConfig,
  resolveConfig,
  type SecretKind,
  type SettingFacts,
  secretFields,
  shapeAt,
} from '../../config/index.ts'
import { configPath, secretTest, type Template } from '../../stack/index.ts'
import { findTemplate } from '../find-template.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { holdsEverywhere } from './layer.ts'

/** One setting as a form shows it. No value of a secret is in it. */
export interface FormField {
  /** Dotted, as `config set` takes it. */
  readonly path: string
  /** What people can set together: `api`, or `general` for what stands by itself. */
  readonly section: string
  readonly kind: SettingFacts['kind']
  /** For `choice`. */
  readonly choices: readonly string[]
  /** One sentence. */
  readonly help: string
  readonly isSecret: boolean
  /** How the secret is made, where it can be. */
  readonly generate?: SecretKind
  /** Nothing works without a value. */
  readonly isRequired: boolean
  /** The parameter of the template that gets the value. */
  readonly parameter?: string
  /** What holds; undefined where nothing does, null for a secret that has a value. */
  readonly value: unknown
  readonly origin: Origin | undefined
  /** What would hold if it were taken out of the file; as for `value`. */
  readonly fallback: unknown
  /** Where it stands in the file, or would. */
  readonly at: Path
  /** Another text whenever the file says something else there; null: the file says nothing. */
  readonly written: string | null
}

/** A section of free names, to which one can be added. */
export interface FormTable {
  readonly path: string
  readonly help: string
  /** The settings below a name; the name itself is the setting when there are none. */
  readonly keys: readonly string[]
}

export interface ConfigForm {
  readonly file: string
  /** SHA-256 of its text. */
  readonly hash: string
  readonly environment: EnvironmentName
  /** Edits of what is nowhere in the file hold in this environment only. */
  readonly layer?: EnvironmentName
  readonly template: string
  /** In the order of the schema. */
  readonly fields: readonly FormField[]
  readonly tables: readonly FormTable[]
}

/** Everything that can be set, and what holds. Needs no identity. Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*. */
export async function readForm(world: World, target: Target): Promise<ConfigForm> {
  const place = locateInstance(world, target)
  const file = place.paths.config
  const { document } = await loadConfig(file).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const template = await findTemplate(world, document.config.template ?? DEFAULT_TEMPLATE)
  return formOf({ file, text: document.text, config: document.config, template, target })
}

interface Given {
  readonly file: string
  readonly text: string
  readonly config: Config
  readonly template: Template
  readonly target: Pick<Target, 'environment'>
}

/** The form of a config. Pure. */
export function formOf({ file, text, config, template, target }: Given): ConfigForm {
  const resolved = resolveConfig(config, template.defaults, target.environment)
  const { environments: _, ...base } = config
  const { version, template: name, environment } = config
  const layers = {
    resolved,
    withoutOverlay: resolveConfig({ ...base, environment: resolved.environment }, template.defaults),
    withoutFile: resolveConfig(
      { version, ...(name !== undefined && { template: name }), ...(environment !== undefined && { environment }) },
      template.defaults,
      target.environment,
    ),
  }
  const isSecret = secretTest(template)
  const own = template.parameters.filter(({ config: elsewhere }) => elsewhere === undefined)
  const names = (path: Path): readonly string[] => {
    const found = getPath(resolved.config, path)
    const known = isTree(found) ? Object.keys(found) : []
    return formatPath(path) === 'parameters' ? [...new Set([...own.map((one) => one.name), ...known])] : known
  }
  const roots = keysAt([]).filter((key) => key !== 'version' && key !== 'environments')
  const paths = [
    ...leaves(
      [],
      names,
      roots.filter((key) => shapeAt([key]) === 'value'),
    ),
    ...leaves(
      [],
      names,
      roots.filter((key) => shapeAt([key]) !== 'value'),
    ),
  ]
  return {
    file,
    hash: sha256(Buffer.from(text)),
    environment: resolved.environment,
    ...(target.environment !== undefined && { layer: target.environment }),
    template: template.name,
    fields: paths.map((path) => fieldOf(path, { config, template, target, isSecret, ...layers })),
    // The names of parameters are the template's.
    tables: tablesIn([], roots).filter(({ path }) => path !== 'parameters'),
  }
}

function leaves(path: Path, names: (table: Path) => readonly string[], keys: readonly string[]): readonly Path[] {
  return keys.flatMap((key): readonly Path[] => {
    const child = [...path, key]
    switch (shapeAt(child)) {
      case 'section':
        return leaves(child, names, keysAt(child))
      case 'table':
        return leaves(child, names, names(child))
      default:
        return [child]
    }
  })
}

function tablesIn(path: Path, keys: readonly string[]): readonly FormTable[] {
  return keys.flatMap((key): readonly FormTable[] => {
    const child = [...path, key]
    const shape = shapeAt(child)
    if (shape === 'section') return tablesIn(child, keysAt(child))
    if (shape !== 'table') return []
    const { description } = describeSetting(formatPath(child))
    return [{ path: formatPath(child), help: description, keys: keysAt([...child, 'name']) }]
  })
}

interface Layers extends Omit<Given, 'file' | 'text'> {
  readonly isSecret: (path: Path) => boolean
  readonly resolved: ResolvedConfig
  /** Without what the file says for this environment only. */
  readonly withoutOverlay: ResolvedConfig
  /** The defaults alone. */
  readonly withoutFile: ResolvedConfig
}

function fieldOf(path: Path, layers: Layers): FormField {
  const { config, template, target, resolved, withoutOverlay, withoutFile } = layers
  const name = formatPath(path)
  const origin = resolved.origin(name)
  const isOverlaid = origin === 'overlay' || (target.environment !== undefined && !holdsEverywhere(path))
  const at: Path = isOverlaid ? ['environments', resolved.environment, ...path] : path
  const parameter = template.parameters.find((one) => configPath(one) === name)
  const { kind, choices, description } = describeSetting(name)
  const isSecret = layers.isSecret(path)
  const generate = secretFields.find((field) => field.path === name)?.generate ?? parameter?.generate
  const shown = (value: unknown) => (isSecret && value !== undefined ? null : value)
  const written = getPath(config, at)
  const below = isOverlaid ? withoutOverlay : withoutFile
  const profiles = resolved.config.profiles ?? []
  return {
    path: name,
    section: path.length === 1 ? 'general' : String(path[0]),
    kind: isSecret ? 'secret' : kind,
    choices,
    help: path[0] === 'parameters' ? (parameter?.description ?? description) : description,
    isSecret,
    ...(isSecret && generate !== undefined && { generate }),
    isRequired:
      parameter?.required === true && (parameter.profile === undefined || profiles.includes(parameter.profile)),
    ...(parameter !== undefined && { parameter: parameter.name }),
    value: shown(getPath(resolved.config, path)),
    origin,
    fallback: shown(getPath(below.config, path) ?? parameter?.default),
    at,
    written: written === undefined ? null : sha256(Buffer.from(JSON.stringify(written))),
  }
}
