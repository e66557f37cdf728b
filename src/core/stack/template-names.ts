import { isTree } from '../config/path.ts'
import { interpolate } from './interpolate.ts'
import { configPath } from './parameters.ts'
import type { Template } from './template.ts'

/** What a template means by the name of an environment variable. */
export interface TemplateName {
  /** Dotted paths of the settings that its value is made of; none: the template says it by itself. */
  readonly paths: readonly string[]
  /** Its value is that of one setting, so that setting the one is setting the other. */
  readonly isSetting: boolean
  readonly secret: boolean
  /** The names that its text refers to. */
  readonly uses: readonly string[]
}

/** The parameters of a template, by their names. */
export function parameterNames({ parameters }: Template): ReadonlyMap<string, TemplateName> {
  return new Map(
    parameters.map((parameter) => [
      parameter.name,
      { paths: [configPath(parameter)], isSetting: true, secret: parameter.secret, uses: [] },
    ]),
  )
}

/** The environment of a service as the template writes it: the names, and what their values are made of. */
export function serviceNames(template: Template, service: string): ReadonlyMap<string, TemplateName> {
  const parameters = parameterNames(template)
  return new Map(
    writtenEnvironment(template, service).map(([name, text]) => {
      const uses = referencesOf(text)
      const used = uses.flatMap((reference) => parameters.get(reference) ?? [])
      const meaning: TemplateName = {
        paths: [...new Set(used.flatMap(({ paths }) => paths))],
        isSetting: used.length === 1 && isOneReference(text),
        secret: used.some(({ secret }) => secret),
        uses,
      }
      return [name, meaning]
    }),
  )
}

/** Every name that a template knows: its parameters before the environments of its services, the main one first. */
export function templateNames(template: Template): ReadonlyMap<string, TemplateName> {
  const others = servicesOf(template).filter((name) => name !== template.main)
  const all = [...others.toReversed(), template.main].map((name) => serviceNames(template, name))
  return new Map([...all, parameterNames(template)].flatMap((names) => [...names]))
}

function servicesOf({ compose }: Template): readonly string[] {
  const services = isTree(compose.data) ? compose.data.services : undefined
  return isTree(services) ? Object.keys(services) : []
}

/** Names and texts before interpolation, in both forms of Compose; a name without a value stands for the parameter of that name. */
function writtenEnvironment({ compose }: Template, service: string): readonly (readonly [string, string])[] {
  const services = isTree(compose.data) ? compose.data.services : undefined
  const own = isTree(services) ? services[service] : undefined
  const environment: unknown = isTree(own) ? own.environment : undefined
  if (isTree(environment)) {
    return Object.entries(environment).map(([name, value]) => [name, value === null ? `\${${name}}` : String(value)])
  }
  if (!Array.isArray(environment)) return []
  return environment.map(String).map((line) => {
    const equals = line.indexOf('=')
    return equals === -1 ? [line, `\${${line}}`] : [line.slice(0, equals), line.slice(equals + 1)]
  })
}

function referencesOf(text: string): readonly string[] {
  const names = new Set<string>()
  // Nothing is set: then every default is looked into as well.
  interpolate(text, (name) => {
    names.add(name)
    return undefined
  })
  return [...names]
}

function isOneReference(text: string): boolean {
  return /^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(?::?[-?][^{}]*)?\})$/.test(text)
}
