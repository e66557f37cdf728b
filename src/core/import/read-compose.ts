import { getPath, isTree } from '../config/path.ts'
import { DdalabError, type Place, problemsError } from '../errors.ts'
import { type ComposeFile, type ComposeSource, parseSource, readComposeSource } from '../stack/compose/index.ts'
import { parseEnvFile } from '../stack/env-file.ts'
import { interpolate, type Lookup } from '../stack/interpolate.ts'
import type { Service } from '../stack/model.ts'
import { mergeCompose } from './merge-compose.ts'
import { projectNameOf } from './project-name.ts'
import { type Note, note, type Source, type SourceService } from './source.ts'

export interface TextFile {
  readonly file: string
  readonly text: string
}

/** A Compose project as it lies in its folder. */
export interface ComposeProject {
  /** The Compose file, and those that are laid over it. */
  readonly files: readonly [TextFile, ...TextFile[]]
  /** The project's `.env`. */
  readonly env?: TextFile
  /** Where relative paths start, and what Compose writes on the containers. */
  readonly workingDir: string
  readonly home: string
  /** The name that its containers bear; else the files and the folder say it. */
  readonly project?: string
  /** Services that have containers: they run, whatever their profiles. */
  readonly running: readonly string[]
  /** The text of another file of the host, or undefined when there is none. */
  readonly readFile: (path: string) => string | undefined
}

/** What Compose sets itself, or reads and does not pass on. */
const OF_COMPOSE = /^(?:COMPOSE_|DOCKER_)/

/**
 * The Compose project in normal form. Errors: IMPORT_INVALID when it is no Compose file, INTERPOLATION_FAILED when a variable has
 * no value that must have one, CONFIG_UNREADABLE for an env file that is none.
 */
export function readComposeProject(input: ComposeProject): Source {
  const { workingDir, home } = input
  const variables = input.env === undefined ? new Map<string, string>() : parseEnvFile(input.env.text, input.env)
  const used = new Set<string>()
  const lookup = (name: string): string | undefined => {
    used.add(name)
    return variables.get(name) ?? { HOME: home, PWD: workingDir }[name]
  }
  const source = parsed(input.files)
  const envFiles = new Map<string, string>()
  const options = {
    file: input.files[0].file,
    workingDir,
    home,
    lookup,
    readFile: (path: string) => {
      const text = input.readFile(path)
      if (text !== undefined) envFiles.set(path, text)
      return text
    },
  }
  const named = variables.get('COMPOSE_PROJECT_NAME') ?? nameIn(source, lookup) ?? projectNameOf(workingDir)
  const project = input.project ?? named
  const compose = readComposeSource(source, { ...options, project, profiles: ['*'] })
  refuse(compose, input.files[0].file)
  const active = (variables.get('COMPOSE_PROFILES') ?? '').split(',')
  const services = Object.entries(compose.services).map(([key, service]) => {
    return [key, sourceService(service, { source, compose, active, envFiles, input })] as const
  })
  return {
    project,
    workingDir,
    services: Object.fromEntries(services),
    networks: compose.networks,
    volumes: compose.volumes,
    notes: [...readingNotes(compose), ...unusedVariables(variables, used, envFiles, input)],
    place: (key, entry) => source.place(entry === undefined ? [key] : [key, entry], 'key'),
  }
}

function parsed([first, ...rest]: ComposeProject['files']): ComposeSource {
  const [base, ...over] = [first, ...rest].map(({ file, text }) => parseSource(text, file))
  if (base === undefined) throw new DdalabError('UNEXPECTED', 'No Compose file was given')
  return mergeCompose([base, ...over])
}

function nameIn({ data }: ComposeSource, lookup: Lookup): string | undefined {
  const name = getPath(data, ['name'])
  const result = typeof name === 'string' ? interpolate(name, lookup) : undefined
  return result !== undefined && 'value' in result && result.value !== '' ? result.value : undefined
}

/** What is no Compose file at all, or could not run for want of a value. What we cannot do is told as a note instead. */
function refuse(compose: ComposeFile, file: string): void {
  const services = Object.keys(compose.services).length
  const problems = compose.findings
    .filter(({ severity, code }) => severity === 'error' && (services === 0 || code === 'INTERPOLATION_FAILED'))
    .map(({ severity, ...problem }) => ({
      ...problem,
      code: problem.code === 'TEMPLATE_INVALID' ? ('IMPORT_INVALID' as const) : problem.code,
    }))
  const [first, ...rest] = problems
  if (first !== undefined) throw problemsError([first, ...rest], `${file} cannot be read as Compose does`)
  if (services > 0) return
  throw new DdalabError('IMPORT_INVALID', `${file} has no services`, { hint: 'Name a Compose file that has some.' })
}

/** Keys of services are judged later, against the template; here is what is left of them: mistakes. */
function readingNotes({ findings }: ComposeFile): readonly Note[] {
  return findings
    .filter(({ message }) => !/is not carried over$|has no effect|is not carried out/.test(message))
    .map(({ severity, code, message, hint, place }) => {
      const kind = severity === 'error' ? 'left out' : code === 'INTERPOLATION_FAILED' ? 'warning' : 'left out'
      return note(kind, message, hint ?? 'Compose may read it in another way.', place)
    })
}

function unusedVariables(
  variables: ReadonlyMap<string, string>,
  used: ReadonlySet<string>,
  envFiles: ReadonlyMap<string, string>,
  { env }: ComposeProject,
): readonly Note[] {
  if (env === undefined || envFiles.has(env.file)) return []
  return [...variables.keys()]
    .filter((name) => !used.has(name) && !OF_COMPOSE.test(name))
    .map((name) => note('left out', `variable ${name}`, 'nothing in the Compose file uses it', linePlace(env, name)))
}

interface Context {
  readonly source: ComposeSource
  readonly compose: ComposeFile
  readonly active: readonly string[]
  readonly envFiles: ReadonlyMap<string, string>
  readonly input: ComposeProject
}

function sourceService(service: Service, { source, compose, active, envFiles, input }: Context): SourceService {
  const { name } = service
  const raw = getPath(source.data, ['services', name])
  const listed = getPath(raw, ['profiles'])
  const profiles = Array.isArray(listed) ? listed.map(String) : []
  const isActive = profiles.length === 0 || profiles.some((one) => active.includes(one) || active.includes('*'))
  const secretFiles = service.secrets.flatMap(({ source: key, target }) => {
    const secret = compose.secrets[key]
    const content = secret === undefined ? undefined : 'file' in secret ? input.readFile(secret.file) : secret.content
    return content === undefined ? [] : [[target, content.replace(/\r?\n$/, '')] as const]
  })
  const inEnvFile = (variable: string): Place | undefined =>
    [...envFiles].map(([file, text]) => linePlace({ file, text }, variable)).findLast((place) => place !== undefined)
  return {
    service: withoutComposeVariables(service),
    active: isActive || input.running.includes(name),
    profiles,
    keys: isTree(raw) ? Object.keys(raw).filter((key) => raw[key] !== null && !key.startsWith('x-')) : [],
    secretFiles: Object.fromEntries(secretFiles),
    place: (key, entry) => {
      const path = ['services', name, key]
      if (entry === undefined) return source.place(path, 'key')
      const step = stepTo(getPath(raw, [key]), entry)
      if (step !== undefined) return source.place([...path, step], typeof step === 'number' ? 'value' : 'key')
      return (key === 'environment' ? inEnvFile(String(entry)) : undefined) ?? source.place(path, 'key')
    },
  }
}

/** `env_file: .env` brings Compose's own variables into a container as well; they mean nothing there. */
function withoutComposeVariables(service: Service): Service {
  const own = Object.entries(service.environment).filter(([name]) => !OF_COMPOSE.test(name))
  return { ...service, environment: Object.fromEntries(own) }
}

/** The key or the index under which an entry stands: in a section, in a list of `NAME=value`, by its number. */
function stepTo(written: unknown, entry: string | number): string | number | undefined {
  if (isTree(written)) return Object.hasOwn(written, entry) ? entry : undefined
  if (!Array.isArray(written)) return undefined
  if (typeof entry === 'number') return entry < written.length ? entry : undefined
  const index = written.findIndex((item: unknown) => item === entry || String(item).startsWith(`${entry}=`))
  return index === -1 ? undefined : index
}

/** The line of an env file that gives a variable its value: the last one counts. */
function linePlace({ file, text }: TextFile, name: string): Place | undefined {
  const start = new RegExp(`^\\s*(?:export\\s+)?${name.replace(/[^\w]/g, '\\$&')}\\s*(?:[=:]|$)`)
  const index = text.split(/\r?\n/).findLastIndex((line) => start.test(line))
  return index === -1 ? undefined : { file, line: index + 1 }
}
