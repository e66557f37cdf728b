import { readComposeSource } from '../stack/compose/index.ts'
import type { Service } from '../stack/model.ts'
import type { Template } from '../stack/template.ts'

/** A parameter stands in the template's texts as its name between these (private use characters). */
const OPEN = '\uE0D0'
const CLOSE = '\uE0D1'
const MARK = new RegExp(`${OPEN}([A-Za-z0-9_]+)${CLOSE}`)

/** The services of a template, of all its profiles, with marks where parameters will be. */
export function templateServices(template: Template): { readonly [name: string]: Service } {
  const names = new Set(template.parameters.map(({ name }) => name))
  return readComposeSource(template.compose, {
    file: template.composeFile,
    project: template.name,
    workingDir: '/',
    home: undefined,
    lookup: (name) => (names.has(name) ? `${OPEN}${name}${CLOSE}` : undefined),
    profiles: ['*'],
    readFile: () => undefined,
  }).services
}

/** The profiles of a template's service; none: it always runs. */
export function templateProfiles(template: Template): { readonly [service: string]: readonly string[] } {
  return readComposeSource(template.compose, {
    file: template.composeFile,
    project: template.name,
    workingDir: '/',
    home: undefined,
    lookup: () => '',
    profiles: [],
    readFile: () => undefined,
  }).inactive
}

/**
 * The parameters that make a text with marks this value, by name: `<SERVER>:<PORT>` and `minio:9000` are SERVER minio and PORT 9000.
 * Undefined when no parameters do.
 */
export function parametersIn(text: string, value: string): ReadonlyMap<string, string> | undefined {
  const parts = text.split(MARK)
  const names = parts.filter((_, index) => index % 2 === 1)
  const pattern = parts.map((part, index) => (index % 2 === 1 ? '(.*)' : RegExp.escape(part))).join('')
  const match = new RegExp(`^${pattern}$`, 's').exec(value)
  if (match === null) return undefined
  return new Map(names.map((name, index) => [name, match[index + 1] ?? '']))
}
