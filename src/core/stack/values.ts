import type { ResolvedConfig } from '../config/resolve.ts'
import type { Config } from '../config/schema.ts'
import { DdalabError, type Problem, problemsError } from '../errors.ts'
import { describeFailure, interpolate, type Lookup } from './interpolate.ts'
import { maskOf, unmask } from './mask.ts'
import { resolveParameters } from './parameters.ts'
import type { Template } from './template.ts'
import { parameterNames, serviceNames } from './template-names.ts'

/** What the names in a stack stand for: the parameters of the template, and the variables that the config adds. */
export interface Values {
  /** Name -> value, in the order of the `.env` file. */
  readonly all: ReadonlyMap<string, string>
  /** The same with masks in place of secrets, also of those that a variable is made of. */
  readonly masked: ReadonlyMap<string, string>
  /** Names of `variables` and `secretVariables`: the environment of the main service. */
  readonly own: readonly string[]
  /** Name -> value of the secrets that have one. */
  readonly secrets: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
}

/**
 * The values of a template's parameters and of the config's own variables. A secret variable is taken as it is; the text of
 * another one may use parameters, built-in variables, secret variables and the variables above it, as Compose writes that.
 * Errors: SECRET_MISSING, INTERPOLATION_FAILED, CONFIG_INVALID for a name that means something else already.
 */
export function resolveValues(
  template: Template,
  resolved: ResolvedConfig,
  builtIns: ReadonlyMap<string, string>,
): Values {
  const { variables = {}, secretVariables = {} } = resolved.config
  refuseTaken(template, resolved.config)
  const parameters = resolveParameters(template, resolved, builtIns)
  const known = new Map([...parameters.values, ...Object.entries(secretVariables)])
  const isSecret = (name: string) => parameters.secrets.has(name) || Object.hasOwn(secretVariables, name)
  const secrets = new Map([...known].filter(([name, value]) => isSecret(name) && value !== ''))
  const mask = ([name, value]: readonly [string, string]) => [name, secrets.has(name) ? maskOf(name) : value] as const
  // First with masks: then an error about a variable holds no secret.
  const masked = withVariables(new Map([...known].map(mask)), variables, builtIns)
  return {
    all: withVariables(known, variables, builtIns).values,
    masked: masked.values,
    own: [...Object.keys(secretVariables), ...Object.keys(variables)],
    secrets,
    warnings: masked.warnings,
  }
}

function withVariables(
  known: ReadonlyMap<string, string>,
  variables: NonNullable<Config['variables']>,
  builtIns: ReadonlyMap<string, string>,
): { readonly values: ReadonlyMap<string, string>; readonly warnings: readonly string[] } {
  const values = new Map(known)
  const lookup: Lookup = (name) => values.get(name) ?? builtIns.get(name)
  const warnings: string[] = []
  for (const [name, text] of Object.entries(variables)) {
    const result = interpolate(String(text), lookup, (unset) =>
      warnings.push(`variables.${name}: ${unset} has no value there; it counts as empty`),
    )
    if ('failure' in result) {
      const { message, hint } = describeFailure(result.failure)
      const readable = unmask(message, (secret) => `\${${secret}}`)
      throw new DdalabError('INTERPOLATION_FAILED', `variables.${name}: ${readable}`, { hint })
    }
    values.set(name, result.value)
  }
  return { values, warnings }
}

/** A variable has a name of its own: what something else sets already would have two values, or get them from elsewhere. */
function refuseTaken(template: Template, { variables = {}, secretVariables = {} }: Config): void {
  const parameters = parameterNames(template)
  const main = serviceNames(template, template.main)
  const own = [
    ...Object.keys(variables).map((name) => ({ name, section: 'variables' })),
    ...Object.keys(secretVariables).map((name) => ({ name, section: 'secretVariables' })),
  ]
  const [first, ...rest] = own.flatMap(({ name, section }): readonly Problem[] => {
    const override = `docker.environmentOverrides.${name}`
    const meaning = parameters.get(name) ?? main.get(name)
    // Where the template leaves the value to whoever gives one, a variable is just that.
    if (meaning !== undefined && !meaning.uses.includes(name)) {
      const from = meaning.paths.length === 0 ? '' : `, from ${meaning.paths.join(' and ')}`
      const instead = meaning.isSetting ? meaning.paths.join('') : override
      return [problem(`${section}.${name}: the template sets ${name} itself${from}`, `Set ${instead} instead.`)]
    }
    if (section === 'secretVariables' && Object.hasOwn(variables, name)) {
      return [problem(`${name} is in variables and in secretVariables`, 'Keep one of them.')]
    }
    // Compose takes these out of .env for itself: another project name, other files.
    if (!name.startsWith('COMPOSE_')) return []
    return [problem(`${section}.${name}: names with COMPOSE_ are settings of Compose`, `Set ${override} instead.`)]
  })
  if (first !== undefined) throw problemsError([first, ...rest], 'The config has variables with names that are taken')
}

function problem(message: string, hint: string): Problem {
  return { code: 'CONFIG_INVALID', message, hint }
}
