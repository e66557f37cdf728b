import { randomBytes } from 'node:crypto'
import { access, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Answers,
  type AnswersFile,
  type Assignment,
  answersSchema,
  type Config,
  CURRENT_VERSION,
  crossFieldErrors,
  DEFAULT_TEMPLATE,
  type EnvironmentName,
  get,
  getPath,
  identityStore,
  jsonSchema,
  openConfig,
  over,
  parseAssignment,
  parseConfig,
  resolveConfig,
  SCHEMA_FILE,
  secretsIn,
  setPath,
} from '../config/index.ts'
import { DdalabError, type Problem, problemsError } from '../errors.ts'
import { makeDirectory, writeError, writeFileAtomic } from '../files.ts'
import type { InstancePaths } from '../instance/index.ts'
import { configPath, type Template } from '../stack/index.ts'
import { refuseOpenSecrets, refuseUnknownParameters } from './config/edits.ts'
import { writeConfig } from './config/write-config.ts'
import { configFromAnswers } from './config-from-answers.ts'
import { findTemplate } from './find-template.ts'
import { leaseStore } from './lease.ts'
import { atHome } from './look-around.ts'
import { locateInstance } from './open.ts'
import { sealConfig } from './seal-config.ts'
import type { Target, World } from './world.ts'

export interface InitOptions {
  readonly template?: string
  readonly environment?: EnvironmentName
  /** `K=V`, by the schema; secrets are refused here. */
  readonly set: readonly string[]
  /** Values that came by a way that nobody else can read: where secrets are allowed. */
  readonly setSecretly?: readonly { readonly key: string; readonly value: string }[]
  /** A partial config, of the wizard or of a file; the other options are over it. Secrets are allowed. */
  readonly answers?: GivenAnswers
  /** Folders of this machine that are made where they are not there; `~` is the home directory. */
  readonly folders?: readonly string[]
  /** A config to begin with, of any version; it is left as it is. */
  readonly from?: string
  /** Keep the config in git: its directory becomes a repository where it is in none. */
  readonly git?: boolean
}

export interface GivenAnswers {
  readonly answers: Answers
  /** Places in the file they came from. */
  readonly locate?: AnswersFile['locate']
  /** That file, when others can read it. */
  readonly exposedIn?: string
}

export interface InitReport {
  readonly instance: string
  readonly config: string
  readonly template: string
  readonly environment: EnvironmentName
  /** Paths of the secrets that were generated; never their values. */
  readonly generated: readonly string[]
  /** The file that opens the secrets, when they were sealed for it; whether it was made just now. It needs a backup elsewhere. */
  readonly identity?: { readonly file: string; readonly created: boolean }
}

/**
 * Writes the config of a new instance, with generated secrets, sealed. Errors: CONFIG_EXISTS, USAGE, CONFIG_*, TEMPLATE_*,
 * IDENTITY_*, SECRETS_*.
 */
export async function init(world: World, target: Target, options: InitOptions): Promise<InitReport> {
  const { paths, name } = locateInstance(world, target)
  await refuseExisting(paths.config)
  world.hide((options.setSecretly ?? []).map(({ value }) => value))
  const answers = await allAnswers(world, options)
  const template = await findTemplate(world, answers.template ?? DEFAULT_TEMPLATE)
  world.hide(secretsOf(answers, template))
  const open = options.set.map((given) => parseAssignment(given))
  refuseOpenSecrets(open, template)
  refuseUnknownParameters([...open, ...secretSettings(options)], template)
  warnOfExposure(world, options.answers, template)
  const { config, text, generated } = configFromAnswers(answers, template, randomBytes)
  refuseContradictions(config, options.answers)
  for (const folder of options.folders ?? []) await makeFolder(atHome(folder, world.environment.home))
  await makeDirectory(dirname(paths.config), 0o700)
  const { text: sealed, identity } = await sealConfig(world, paths.config, text, template)
  await writeFileAtomic(join(dirname(paths.config), SCHEMA_FILE), `${JSON.stringify(jsonSchema(), null, 2)}\n`, {})
  if (options.git === true) await makeRepository(world, dirname(paths.config))
  await writeFirst(world, paths, sealed)
  return {
    instance: name,
    config: paths.config,
    template: template.name,
    environment: resolveConfig(config, template.defaults).environment,
    generated,
    ...(identity !== undefined && { identity: { file: identity.file, created: identity.created } }),
  }
}

/** What git refuses is told as a warning: the config is written all the same. */
async function makeRepository({ environment, command, sink }: World, directory: string): Promise<void> {
  const { initRepository } = await import('../config/git/index.ts')
  const made = await initRepository(directory, { by: `${environment.user}@${environment.hostname}`, command })
  if (made.outcome !== 'not-committed') return
  sink.emit({ type: 'notice', level: 'warning', message: `${made.message} ${made.hint}` })
}

async function writeFirst(world: World, paths: InstancePaths, text: string): Promise<void> {
  parseConfig(text, paths.config)
  const lease = await leaseStore(world, paths).acquire({ command: world.command, signal: world.signal })
  try {
    await writeConfig(world, paths, undefined, text, { kind: 'init', reason: null })
  } finally {
    await lease.release()
  }
}

/** Errors: CONFIG_EXISTS. */
export async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new DdalabError('CONFIG_EXISTS', `There is a config already: ${file}`, {
    hint: 'Deploy it with: ddalab deploy. To make another instance, name it with --instance NAME.',
  })
}

/** What the options say: the config to begin with, then the answers, then template and environment, then each `K=V`. */
async function allAnswers(world: World, options: InitOptions): Promise<Answers> {
  const { from, answers, template, environment, set } = options
  const version = CURRENT_VERSION
  const former = from === undefined ? undefined : await openConfig(from, identityStore(world.environment))
  world.hide(former?.secretValues ?? [])
  const beginning: Config = former?.document.config ?? { version }
  const named = {
    ...over(beginning, { ...answers?.answers, version }),
    ...(template !== undefined && { template }),
    ...(environment !== undefined && { environment }),
  }
  const all = [...set.map((given) => parseAssignment(given)), ...secretSettings(options)]
  const data = all.reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), named)
  return answersSchema.parse(setPath(data, ['version'], undefined))
}

function secretSettings({ setSecretly = [] }: InitOptions): readonly Assignment[] {
  return setSecretly.map(({ key, value }) => parseAssignment(`${key}=${value}`, { asText: true }))
}

/** The secrets that the answers hold: by the schema, and by what the template declares. */
function secretsOf(answers: Answers, { parameters }: Template): readonly string[] {
  const declared = parameters.filter(({ secret }) => secret).map((parameter) => get(answers, configPath(parameter)))
  const known = secretsIn(answers).map(({ value }) => value)
  return [...known, ...declared].filter((value) => typeof value === 'string')
}

function warnOfExposure({ sink }: World, given: GivenAnswers | undefined, template: Template): void {
  const file = given?.exposedIn
  if (given === undefined || file === undefined || secretsOf(given.answers, template).length === 0) return
  const message = `${file} holds secrets, and others can read it. Take that away with: chmod 600 ${file}`
  sink.emit({ type: 'notice', level: 'warning', message })
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((thrown: unknown) => {
    throw writeError(thrown, path)
  })
}

/** The rules over several settings; what is wrong with an answer is told with its place among the answers. */
function refuseContradictions(config: Config, answers: GivenAnswers | undefined): void {
  const [first, ...rest] = crossFieldErrors(config).map(({ path, part, message, hint }): Problem => {
    const isAnswer = getPath(answers?.answers, path) !== undefined
    const place = isAnswer ? answers?.locate?.(path, part) : undefined
    return { code: 'CONFIG_INVALID', message, hint, ...(place !== undefined && { place }) }
  })
  if (first !== undefined) throw problemsError([first, ...rest], 'These settings do not go together')
}
