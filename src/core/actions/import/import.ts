import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Answers,
  type Config,
  CURRENT_VERSION,
  DEFAULT_TEMPLATE,
  over,
  validateConfig,
} from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import { configOf, type KeptData, type Mapped, type Note } from '../../import/index.ts'
import { DEFAULT_INSTANCE, isInstanceName, type Takeover, writeTakeover } from '../../instance/index.ts'
import { configFromAnswers } from '../config-from-answers.ts'
import { findTemplate } from '../find-template.ts'
import { type InitOptions, init, refuseExisting } from '../init.ts'
import { connect, locateInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { type Choice, choose } from './choose.ts'
import { maskedText, secretsOf, withSettings } from './config-text.ts'
import { type Engine, engineNotAsked, type Read, read } from './read.ts'

export interface ImportOptions extends Choice {
  /** The name of the instance, when somebody gave one. */
  readonly instance?: string
  /** Settings over those that are found. */
  readonly set: InitOptions['set']
  readonly setSecretly: NonNullable<InitOptions['setSecretly']>
}

export interface ImportReport {
  readonly instance: string
  readonly from: Read['from'] & { readonly project: string | null }
  /** False: nothing was written. */
  readonly written: boolean
  readonly config: string
  /** The text of the config, its secrets masked. */
  readonly text: string
  /** Paths of the secrets that were made because there was none; never their values. */
  readonly generated: readonly string[]
  /** The volumes and folders that are used again. */
  readonly data: readonly KeptData[]
  /** The directory whose containers are replaced in place; null when they are not. */
  readonly takesOver: string | null
  /** Names of running containers that must be stopped before the first deploy. */
  readonly stopFirst: readonly string[]
  readonly notes: readonly Note[]
}

/**
 * Makes an instance of an existing installation: a config that means the same, its secrets and its data. The installation is left
 * as it is. Errors: IMPORT_*, CONFIG_*, INTERPOLATION_FAILED, FILE_*, what `init` has.
 */
export async function importInstallation(world: World, target: Target, options: ImportOptions): Promise<ImportReport> {
  const engine = await reach(world, target, options)
  try {
    const asked = engine instanceof DdalabError ? undefined : engine
    const found = await choose(world, options, asked)
    const done = await importFound(world, target, options, await read(world, found, asked, options.project), asked)
    return engine instanceof DdalabError ? { ...done, notes: [engineNotAsked(engine.message), ...done.notes] } : done
  } finally {
    if (!(engine instanceof DdalabError)) await engine.provider.close()
  }
}

/** The engine; or why it cannot be asked, which matters only for a project by name. */
async function reach(world: World, target: Target, { project, path }: ImportOptions): Promise<Engine | DdalabError> {
  try {
    const provider = await connect(world, target)
    return { provider, projects: await provider.projects() }
  } catch (thrown) {
    if (thrown instanceof DdalabError && (project === undefined || path !== undefined)) return thrown
    throw thrown
  }
}

async function importFound(
  world: World,
  target: Target,
  options: ImportOptions,
  from: Read,
  engine: Engine | undefined,
): Promise<ImportReport> {
  const { source } = from
  const instance = instanceName(options, source?.project)
  const place = locateInstance(world, { ...target, instance })
  if (!options.dryRun) await refuseExisting(place.paths.config)

  const template = await findTemplate(world, DEFAULT_TEMPLATE)
  const mapped = source && configOf({ source, template, instance, fileExists: existsSync })
  if (mapped === undefined && from.config === undefined) throw notDdalab(from)
  refuseLostData(mapped)
  const answers = over({ ...mapped?.config, version: CURRENT_VERSION }, from.config?.config)
  const notes = [...(mapped?.notes ?? []), ...(from.config?.notes ?? [])]
  const takeover = takeoverOf(world, instance, from, mapped)

  const config = withSettings(answers, options)
  world.hide(secretsOf(config, template))
  const made = options.dryRun
    ? configFromAnswers(config, template, randomBytes)
    : await write(world, { ...target, instance }, options, answers, takeover)
  return {
    instance,
    from: { ...from.from, project: source?.project ?? null },
    written: !options.dryRun,
    config: place.paths.config,
    text: maskedText(config, template),
    generated: made.generated,
    data: mapped?.data ?? [],
    takesOver: takeover?.workingDir ?? null,
    stopFirst: takeover === undefined ? await runningContainers(from, engine) : [],
    notes: [...notes, ...published(config, place.paths.config)],
  }
}

/** The name that was given; else the project's, so that its containers are replaced in place. */
function instanceName({ instance }: ImportOptions, project: string | undefined): string {
  const name = instance ?? project ?? DEFAULT_INSTANCE
  if (isInstanceName(name)) return name
  throw new DdalabError('USAGE', `The project's name ${JSON.stringify(name)} cannot be the name of an instance`, {
    hint: 'Name the instance with -i NAME: small letters, digits, dashes and underscores.',
  })
}

function notDdalab({ source, from }: Read): DdalabError {
  const services = Object.keys(source?.services ?? {}).join(', ')
  return new DdalabError(
    'IMPORT_INVALID',
    `${from.path ?? `Project ${source?.project}`} is not DDALAB: its services are ${services}`,
    {
      hint: 'No service is called ddalab, has an image of that name, or gets its variables. For another stack write a template: see docs/templates.md.',
    },
  )
}

/** Rather nothing than a database that starts empty. */
function refuseLostData(mapped: Mapped | undefined): void {
  const lost = mapped?.notes.filter(({ kind }) => kind === 'data') ?? []
  if (lost.length === 0) return
  throw new DdalabError('IMPORT_REFUSED', 'Data would not be found again by the template; nothing was written.', {
    hint: 'Name the volumes in the Compose file, or keep the data where the image keeps it by default.',
    problems: lost.map(({ what, why, place }) => ({
      code: 'IMPORT_REFUSED',
      message: `${what}: ${why}`,
      ...(place !== undefined && { place }),
    })),
  })
}

/** Only under the same name: containers of another project are never touched. */
function takeoverOf(world: World, instance: string, from: Read, mapped: Mapped | undefined): Takeover | undefined {
  const { source, project } = from
  const workingDir = project?.workingDir ?? source?.workingDir
  if (source === undefined || workingDir === undefined || source.project !== instance) return undefined
  return {
    workingDir,
    replaced: mapped?.replaced ?? [],
    from: from.from.path ?? `project ${source.project}`,
    at: world.now().toISOString(),
  }
}

/** Through `init`: the same checks, the same sealing. The takeover comes first: without a config it means nothing. */
async function write(
  world: World,
  target: Target,
  { set, setSecretly }: ImportOptions,
  answers: Answers,
  takeover: Takeover | undefined,
): Promise<{ readonly generated: readonly string[] }> {
  const { paths } = locateInstance(world, target)
  await mkdir(paths.directory, { recursive: true, mode: 0o700 })
  if (takeover !== undefined) await writeTakeover(paths, takeover)
  try {
    return await init(world, target, { set, setSecretly, answers: { answers } })
  } catch (thrown) {
    await rm(join(paths.directory, 'takeover.json'), { force: true })
    throw thrown
  }
}

async function runningContainers({ project }: Read, engine: Engine | undefined): Promise<readonly string[]> {
  if (engine === undefined || project === undefined) return []
  const containers = await engine.provider.projectContainers(project.name)
  return containers.filter(({ running }) => running).map(({ name }) => name)
}

/** Secrets that everybody knows are carried over all the same: a database has them already. */
function published(config: Config, file: string): readonly Note[] {
  return validateConfig(config, () => ({ file })).warnings.map(({ message, hint }) => ({
    kind: 'warning',
    what: message,
    why: hint ?? 'Look at it.',
  }))
}
