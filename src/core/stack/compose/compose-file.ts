import type { Place } from '../../errors.ts'
import type { Lookup } from '../interpolate.ts'
import type { FileSource, Network, Service, Volume } from '../model.ts'
import { checkReferences } from './check.ts'
import { Cursor } from './cursor.ts'
import type { ReadFile } from './env-files.ts'
import { readFileSource } from './files.ts'
import { readTexts } from './lists.ts'
import { readNetwork } from './networks.ts'
import { readService } from './service.ts'
import { type ComposeSource, type Finding, interpolateData, type Path, parseSource } from './source.ts'
import { readVolume } from './volumes.ts'

export interface ComposeOptions {
  /** For places. */
  readonly file: string
  /** The project's name; the file's own `name` counts when it is undefined. */
  readonly project?: string
  /** Where relative paths start, absolute. */
  readonly workingDir: string
  /** The user's home directory, for `~`. */
  readonly home: string | undefined
  /** Values for interpolation and for names without a value. */
  readonly lookup: Lookup
  /** Active profiles; `*` is all of them. */
  readonly profiles: readonly string[]
  /** For `env_file`. */
  readonly readFile: ReadFile
}

/** A Compose file in normal form. Of use only when no finding is an error. */
export interface ComposeFile {
  readonly project: string
  readonly services: { readonly [name: string]: Service }
  readonly networks: { readonly [key: string]: Network }
  readonly volumes: { readonly [key: string]: Volume }
  readonly configs: { readonly [key: string]: FileSource }
  readonly secrets: { readonly [key: string]: FileSource }
  /** Services that are not active, with their profiles. */
  readonly inactive: { readonly [name: string]: readonly string[] }
  /** Every volume of the file, also those that no active service uses. */
  readonly volumeKeys: readonly string[]
  /** Every profile that a service names. */
  readonly profiles: readonly string[]
  /** Errors and warnings in the order of the file. */
  readonly findings: readonly Finding[]
  /** Where a value lies, for findings of later checks. */
  readonly place: (path: Path, part?: 'key' | 'value') => Place
}

const TOP_KEYS = ['version', 'name', 'services', 'networks', 'volumes', 'configs', 'secrets', 'include', 'models']

/** Reads the text of one Compose file. All mistakes are told at once, as findings with places; nothing is dropped silently. */
export function readComposeFile(text: string, options: ComposeOptions): ComposeFile {
  return readComposeSource(parseSource(text, options.file), options)
}

/** The same for a file that is parsed already: a template is compiled twice. */
export function readComposeSource(source: ComposeSource, options: ComposeOptions): ComposeFile {
  const findings: Finding[] = [...source.findings]
  const report = (path: Path, part: 'key' | 'value', finding: Omit<Finding, 'place'>): void => {
    findings.push({ ...finding, place: source.place(path, part) })
  }
  const data = interpolateData(source.data, options.lookup, (path, finding) => report(path, 'value', finding))
  const root = new Cursor(data, [], report)
  if (source.findings.length === 0) checkTop(root)

  const project = options.project ?? root.get('name').text() ?? 'default'
  const base = { workingDir: options.workingDir, home: options.home }
  const context = { base, lookup: options.lookup, readFile: options.readFile }
  const services = new Map<string, Service>()
  const named = new Set<string>()
  const inactive = new Map<string, readonly string[]>()
  for (const [name, cursor] of root.get('services').entries()) {
    const profiles = readTexts(cursor.get('profiles'))
    for (const profile of profiles) named.add(profile)
    if (isActive(profiles, options.profiles)) services.set(name, readService(name, cursor, context))
    else inactive.set(name, profiles)
  }

  const section = <T>(key: string, read: (cursor: Cursor, key: string) => T): Map<string, T> =>
    new Map(
      root
        .get(key)
        .entries()
        .map(([name, cursor]) => [name, read(cursor, name)] as const),
    )
  const networks = section('networks', (cursor, key) => readNetwork(cursor, key, project))
  if (!networks.has('default')) networks.set('default', readNetwork(root.get(''), 'default', project))
  const volumes = section('volumes', (cursor, key) => readVolume(cursor, key, project))
  const surroundings = { project, ...context }
  const configs = section('configs', (cursor, key) => readFileSource(cursor, key, 'config', surroundings))
  const secrets = section('secrets', (cursor, key) => readFileSource(cursor, key, 'secret', surroundings))

  const used = checkReferences(root.get('services'), { services, inactive, networks, volumes, configs, secrets })
  return {
    project,
    services: Object.fromEntries(services),
    networks: pick(networks, used.networks),
    volumes: pick(volumes, used.volumes),
    configs: pick(configs, used.configs),
    secrets: pick(secrets, used.secrets),
    inactive: Object.fromEntries(inactive),
    volumeKeys: [...volumes.keys()],
    profiles: [...named],
    findings: findings.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)),
    place: source.place,
  }
}

function checkTop(root: Cursor): void {
  if (!root.isMap) {
    root.error('A Compose file must be a section with services', 'Start with the line services:')
    return
  }
  root.onlyKeys(TOP_KEYS)
  for (const key of ['include', 'models']) {
    const child = root.get(key)
    if (child.present) child.onKey('error', `${key} is not supported`, 'Write the services into this file.')
  }
  if (root.get('services').entries().length === 0) root.error('The file has no services', 'Add at least one.')
}

function isActive(profiles: readonly string[], active: readonly string[]): boolean {
  return profiles.length === 0 || active.includes('*') || profiles.some((profile) => active.includes(profile))
}

/** As Compose does it: what no active service uses is left out. */
function pick<T>(all: ReadonlyMap<string, T>, used: ReadonlySet<string>): { readonly [key: string]: T } {
  return Object.fromEntries([...all].filter(([key]) => used.has(key)))
}
