import type { Path } from '../config/path.ts'
import { get, type ResolvedConfig } from '../config/resolve.ts'
import { isSecretPath } from '../config/secret-path.ts'
import { DdalabError, type Problem, problemsError } from '../errors.ts'
import { describeFailure, interpolate } from './interpolate.ts'
import type { Template, TemplateParameter } from './template.ts'

/** Name -> value of every parameter that has one, in the template's order, and which of them are secret. */
export interface Parameters {
  readonly values: ReadonlyMap<string, string>
  readonly secrets: ReadonlySet<string>
}

/**
 * The values of a template's parameters: the config's, or the parameter's default over `builtIns` and what is above it.
 * Errors: SECRET_MISSING with every required one that has no value; INTERPOLATION_FAILED in a default.
 */
export function resolveParameters(
  template: Template,
  resolved: ResolvedConfig,
  builtIns: ReadonlyMap<string, string>,
): Parameters {
  const values = new Map<string, string>()
  const problems: Problem[] = []
  const profiles = resolved.config.profiles ?? []
  for (const parameter of template.parameters) {
    const value =
      configured(parameter, resolved) ?? defaultValue(parameter, (name) => values.get(name) ?? builtIns.get(name))
    if (value !== undefined) values.set(parameter.name, value)
    const needed = parameter.required && (parameter.profile === undefined || profiles.includes(parameter.profile))
    if (needed && (value === undefined || value === '')) problems.push(missing(parameter))
  }
  const [first, ...rest] = problems
  if (first !== undefined) throw problemsError([first, ...rest], 'Values are missing in the config')
  const secrets = template.parameters.filter(({ secret }) => secret).map(({ name }) => name)
  return { values, secrets: new Set(secrets) }
}

/** Where the value of a parameter is in the config. */
export function configPath({ name, config }: Pick<TemplateParameter, 'name' | 'config'>): string {
  return config ?? `parameters.${name}`
}

/** Whether the setting at a path is secret: by the schema, or as a parameter that the template declares as such. */
export function secretTest({ parameters }: Pick<Template, 'parameters'>): (path: Path) => boolean {
  const declared = parameters.filter(({ secret }) => secret).map(configPath)
  return (path) => isSecretPath(path, declared)
}

function configured(parameter: TemplateParameter, { config }: ResolvedConfig): string | undefined {
  const value = get(config, configPath(parameter))
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) ? value.map(String).join(',') : String(value)
}

function defaultValue(parameter: TemplateParameter, lookup: (name: string) => string | undefined): string | undefined {
  if (parameter.default === undefined) return undefined
  const result = interpolate(parameter.default, lookup)
  if ('value' in result) return result.value
  const { message, hint } = describeFailure(result.failure)
  throw new DdalabError('INTERPOLATION_FAILED', `The default of the parameter ${parameter.name}: ${message}`, { hint })
}

function missing(parameter: TemplateParameter): Problem {
  const path = configPath(parameter)
  const how = parameter.generate === undefined ? '' : '; "ddalab init" generates one'
  return {
    code: parameter.secret ? 'SECRET_MISSING' : 'CONFIG_INVALID',
    message: `${path} has no value: ${parameter.description}`,
    hint: `Set ${path} in the config${how}.`,
  }
}
