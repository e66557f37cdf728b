import { type Assignment, parseAssignment } from '../config/assignment.ts'
import { formatPath } from '../config/path.ts'
import { DdalabError } from '../errors.ts'
import { escapeDollars } from '../stack/interpolate.ts'
import { configPath } from '../stack/parameters.ts'
import type { TemplateParameter } from '../stack/template.ts'
import type { Context } from './context.ts'
import { namesOf } from './roles.ts'
import { looksSecret } from './secret-names.ts'
import { type Note, note, type Part, type Setting, type SourceService } from './source.ts'
import { parametersIn } from './template-services.ts'

/** A value that a variable of the source gives to a parameter. */
interface Given {
  readonly value: string
  readonly role: string
  readonly variable: string
}

/**
 * The environment of the services, read backwards through the template: what its texts make of parameters gives their values, and
 * with these the settings. The main service comes first: its values are those that work today.
 */
export function mapEnvironment(context: Context): Part {
  const { template, roles } = context
  const given = new Map<string, Given>()
  const settings: Setting[] = []
  const notes: Note[] = []
  for (const role of [template.main, ...Object.keys(roles.services).filter((name) => name !== template.main)]) {
    const service = roles.services[role]
    if (service !== undefined) readService(role, service)
  }
  for (const parameter of template.parameters) {
    const value = given.get(parameter.name)
    if (value !== undefined && configPath(parameter) !== 'docker.image') setParameter(parameter, value)
  }
  return { settings, notes }

  function readService(role: string, service: SourceService): void {
    for (const [name, value] of Object.entries(environmentOf(service))) {
      const text = context.wanted[role]?.environment[name]
      const values = text === undefined ? undefined : parametersIn(text, value)
      if (text === undefined) foreign(role, service, name, value)
      else if (values === undefined) other(role, service, name, value)
      else for (const [parameter, one] of values) take(role, service, name, parameter, one)
    }
  }

  /** A variable that the template does not set. */
  function foreign(role: string, service: SourceService, name: string, value: string): void {
    if (role !== template.main) {
      notes.push(ofAnother(role, service, name))
    } else if (template.parameters.some((parameter) => parameter.name === name)) {
      take(role, service, name, name, value)
    } else if (looksSecret(name, value) && value !== '') {
      settings.push({ path: `secretVariables.${name}`, value })
    } else {
      settings.push({ path: `variables.${name}`, value: escapeDollars(value) })
    }
  }

  /** A variable that the template sets, to something else. */
  function other(role: string, service: SourceService, name: string, value: string): void {
    const what = `variable ${name} of ${service.service.name}`
    const place = service.place('environment', name)
    if (role !== template.main) {
      const why = 'it has another value than the main service has for the same thing, which is the one that was taken'
      notes.push(note('warning', what, why, place))
    } else if (looksSecret(name, value)) {
      // An override stands in the config for everybody to read.
      const why = 'the template gives it the value of another secret; a second one has no place in the config'
      notes.push(note('changed', what, why, place))
    } else settings.push(overridden(name, value))
  }

  function take(role: string, service: SourceService, variable: string, parameter: string, value: string): void {
    const translated = hostIn(context, value)
    const former = given.get(parameter)
    if (translated === '' || translated === former?.value) return
    if (former === undefined) given.set(parameter, { value: translated, role, variable })
    else other(role, service, variable, value)
  }

  function setParameter(parameter: TemplateParameter, { value, role, variable }: Given): void {
    const path = configPath(parameter)
    const assignment = assigned(path, value)
    if (assignment !== undefined) {
      settings.push({ path: formatPath(assignment.path), value: assignment.value })
      return
    }
    const service = roles.services[role]
    const why = `its value does not fit the setting ${path}`
    notes.push(note('warning', `variable ${variable}`, why, service?.place('environment', variable)))
    if (role === template.main && !looksSecret(variable, value)) settings.push(overridden(variable, value))
  }
}

/** A variable of the main service that is to have another value than the template's. */
function overridden(name: string, value: string): Setting {
  return { path: `docker.environmentOverrides.${name}`, value }
}

/** The setting with its type; booleans also as other programs write them. Undefined when the value does not fit. */
function assigned(path: string, value: string): Assignment | undefined {
  for (const text of [value, value.toLowerCase()]) {
    try {
      return parseAssignment(`${path}=${text}`)
    } catch (thrown) {
      if (!(thrown instanceof DdalabError)) throw thrown
    }
  }
  return undefined
}

/** With the contents of files in place of their names: `POSTGRES_PASSWORD_FILE: /run/secrets/password`. */
function environmentOf({ service, secretFiles }: SourceService): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => {
      const content = name.endsWith('_FILE') ? secretFiles[value] : undefined
      return content === undefined ? [name, value] : [name.slice(0, -'_FILE'.length), content]
    }),
  )
}

/** A host that is a service of the source is that service's name in the template. */
function hostIn({ roles }: Context, value: string): string {
  const found = Object.entries(roles.services).find(([, service]) => namesOf(service).includes(value))
  return found?.[0] ?? value
}

/** Where the data is: another folder in the same volume would look empty. */
const DATA_FOLDERS = ['PGDATA', 'MINIO_VOLUMES']

function ofAnother(role: string, service: SourceService, name: string): Note {
  const what = `variable ${name} of ${service.service.name}`
  const place = service.place('environment', name)
  if (DATA_FOLDERS.includes(name) && !isUsual(service, name)) {
    return note('data', what, `it says where the data is, and the template's ${role} looks elsewhere`, place)
  }
  return note(
    'left out',
    what,
    `only variables of the main service can be carried over; the template's ${role} has its own`,
    place,
  )
}

function isUsual({ service }: SourceService, name: string): boolean {
  return name === 'PGDATA' && service.environment[name] === '/var/lib/postgresql/data'
}
