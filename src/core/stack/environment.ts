import type { Origin, ResolvedConfig } from '../config/resolve.ts'
import { type CompileInput, maskedEnvironments } from './compile.ts'
import { hasMask, unmask } from './mask.ts'
import { parameterNames, serviceNames, type TemplateName } from './template-names.ts'

/** What a variable comes from: settings of the config, the user's own variables, an override, or the template alone. */
export type VariableKind = 'mapped' | 'independent' | 'override' | 'default'

/** A variable of `.env` or of a service. Secrets are masked in it. */
export interface EnvironmentVariable {
  readonly name: string
  readonly kind: VariableKind
  /** Null: it has none, and no service gets it. */
  readonly value: string | null
  readonly secret: boolean
  /** Dotted paths of the settings that it is made of. */
  readonly paths: readonly string[]
  /** Where the topmost of these is said; null where nothing says it. */
  readonly origin: Origin | null
  /** The services that get it; none: it is for the Compose file only. */
  readonly services: readonly string[]
}

const SECRET = '••••••'

/**
 * All variables of a stack by name: those of its services, and what is in `.env` beside them. Errors as of `compile`.
 */
export function environmentVariables(input: CompileInput): readonly EnvironmentVariable[] {
  const { values, services } = maskedEnvironments(input)
  const inServices = services.flatMap(({ name: service, environment }) => {
    const meaningOf = meanings(input, service, values.own)
    return Object.entries(environment).map(([name, text]) =>
      entryOf(name, text, service, meaningOf(name), input.config),
    )
  })
  const named = new Set(inServices.map(({ name }) => name))
  const beside = [...parameterNames(input.template)]
    .filter(([name]) => !named.has(name))
    .map(([name, facts]) =>
      entryOf(name, values.masked.get(name), undefined, { kind: 'mapped', ...facts }, input.config),
    )
  return gathered([...inServices, ...beside]).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

interface Meaning extends Pick<TemplateName, 'paths' | 'secret'> {
  readonly kind: VariableKind
}

/** What a name means in one service. */
function meanings(
  { template, config: { config } }: CompileInput,
  service: string,
  own: readonly string[],
): (name: string) => Meaning {
  const written = serviceNames(template, service)
  const isMain = service === template.main
  return (name) => {
    if (isMain && Object.hasOwn(config.docker?.environmentOverrides ?? {}, name)) {
      return { kind: 'override', paths: [`docker.environmentOverrides.${name}`], secret: false }
    }
    if (isMain && own.includes(name)) {
      const secret = Object.hasOwn(config.secretVariables ?? {}, name)
      return { kind: 'independent', paths: [`${secret ? 'secretVariables' : 'variables'}.${name}`], secret }
    }
    const { paths = [], secret = false } = written.get(name) ?? {}
    return { kind: paths.length === 0 ? 'default' : 'mapped', paths, secret }
  }
}

function entryOf(
  name: string,
  text: string | undefined,
  service: string | undefined,
  { kind, paths, secret }: Meaning,
  config: ResolvedConfig,
): EnvironmentVariable {
  return {
    name,
    kind,
    value: text === undefined ? null : unmask(text, () => SECRET),
    secret: secret || (text !== undefined && hasMask(text)),
    paths,
    origin: topmost(paths.flatMap((path) => config.origin(path) ?? [])),
    services: service === undefined ? [] : [service],
  }
}

const LAYERS: readonly Origin[] = ['command line', 'overlay', 'file', 'environment default', 'default']

function topmost(origins: readonly Origin[]): Origin | null {
  return LAYERS.find((layer) => origins.includes(layer)) ?? null
}

/** The same variable in several services is one. */
function gathered(all: readonly EnvironmentVariable[]): readonly EnvironmentVariable[] {
  const byMeaning = Map.groupBy(all, ({ name, kind, value }) => JSON.stringify([name, kind, value]))
  return [...byMeaning.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ ...first, services: same.flatMap(({ services }) => services) }]
  })
}
