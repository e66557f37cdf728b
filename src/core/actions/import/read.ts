import { readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DdalabError } from '../../errors.ts'
import { isMissing, readError, readFileIfExists } from '../../files.ts'
import type { OldConfig } from '../../import/index.ts'
import {
  COMPOSE_FILES,
  note,
  overridesOf,
  readComposeProject,
  readContainers,
  readOldConfig,
  type Source,
  type TextFile,
  withContainers,
} from '../../import/index.ts'
import type { ComposeProject, DockerProvider } from '../../providers/docker/index.ts'
import type { World } from '../world.ts'
import { type Found, realOf } from './found.ts'

/** What was read of an installation: what runs, what its config says, or both. */
export interface Read {
  readonly from: { readonly kind: 'compose' | 'config' | 'containers'; readonly path: string | null }
  readonly source?: Source
  readonly config?: OldConfig
  /** The project as the engine knows it, when it has containers. */
  readonly project?: ComposeProject
}

/** The engine, when there is one to ask. */
export interface Engine {
  readonly provider: DockerProvider
  readonly projects: readonly ComposeProject[]
}

/** Reads an installation; writes nothing. Errors: IMPORT_*, CONFIG_*, INTERPOLATION_FAILED, FILE_NOT_READABLE. */
export async function read(world: World, found: Found, engine: Engine | undefined, project?: string): Promise<Read> {
  switch (found.kind) {
    case 'compose':
      return readCompose(world, found.path, engine, project)
    case 'project':
      return readProject(world, found.name, engine)
    case 'config': {
      const text = await required(found.path)
      const config = readOldConfig(text, found.path)
      const beside = await besideConfig(found.path, config, project)
      const base = beside === undefined ? undefined : await read(world, beside, engine, project)
      return { ...base, from: { kind: 'config', path: found.path }, config }
    }
  }
}

/** The Compose file that ConfigManager wrote for its config, or the project that was named. */
async function besideConfig(path: string, { config }: OldConfig, project?: string): Promise<Found | undefined> {
  if (project !== undefined) return { kind: 'project', name: project }
  const names = [...(config.docker?.composeFile === undefined ? [] : [config.docker.composeFile]), ...COMPOSE_FILES]
  for (const name of names) {
    const file = join(dirname(path), name)
    if ((await readFileIfExists(file)) !== undefined) return { kind: 'compose', path: file }
  }
  return undefined
}

async function readProject(world: World, name: string, engine: Engine | undefined): Promise<Read> {
  const project = engine?.projects.find((one) => one.name === name)
  if (engine === undefined || project === undefined) {
    const known = engine?.projects.map((one) => one.name).join(', ') || 'none'
    throw new DdalabError('IMPORT_NOT_FOUND', `The engine has no containers of a project "${name}"`, {
      hint: `Projects with containers: ${known}.`,
    })
  }
  const [first] = project.configFiles
  const { local } = await engine.provider.facts()
  if (local && first !== undefined && (await readFileIfExists(first)) !== undefined) {
    return readCompose(world, first, engine, name)
  }
  const containers = await engine.provider.projectContainers(name)
  const source = readContainers(name, containers)
  const { workingDir } = project
  return {
    from: { kind: 'containers', path: null },
    source: { ...source, ...(workingDir !== undefined && { workingDir }) },
    project,
  }
}

async function readCompose(world: World, path: string, engine: Engine | undefined, named?: string): Promise<Read> {
  const project = engine && (await projectOf(path, engine, named))
  const files = await composeFiles(path, project)
  const workingDir = project?.workingDir ?? dirname(path)
  const env = await envFile(workingDir, project)
  const source = readComposeProject({
    files,
    ...(env !== undefined && { env }),
    workingDir,
    home: world.environment.home,
    ...(project !== undefined && { project: project.name }),
    running: project?.services ?? [],
    readFile,
  })
  const containers =
    engine === undefined || project === undefined ? [] : await engine.provider.projectContainers(project.name)
  return {
    from: { kind: 'compose', path },
    source: withContainers(source, containers),
    ...(project !== undefined && { project }),
  }
}

/** The project whose containers were made of a Compose file. Errors: IMPORT_SEVERAL. */
async function projectOf(path: string, { projects }: Engine, named?: string): Promise<ComposeProject | undefined> {
  const real = await realOf(path)
  const own: ComposeProject[] = []
  for (const project of projects) {
    const files = await Promise.all(project.configFiles.map(realOf))
    if (files.includes(real) && (named === undefined || named === project.name)) own.push(project)
  }
  const [first, second] = own
  if (second === undefined) return first
  throw new DdalabError(
    'IMPORT_SEVERAL',
    `${path} runs as several projects: ${own.map(({ name }) => name).join(', ')}`,
    {
      hint: 'Name one of them with --project NAME.',
    },
  )
}

/** The file with what Compose lays over it: what the containers were made of, else the override beside it. */
async function composeFiles(path: string, project?: ComposeProject): Promise<readonly [TextFile, ...TextFile[]]> {
  const folder = dirname(path)
  const candidates = project?.configFiles.slice(1) ?? overridesOf(basename(path)).map((name) => join(folder, name))
  const others = await Promise.all(
    candidates.map(async (file) => {
      const text = await readFileIfExists(file)
      return text === undefined ? [] : [{ file, text }]
    }),
  )
  const base = project?.configFiles[0] ?? path
  return [{ file: base, text: await required(base) }, ...others.flat()]
}

async function envFile(workingDir: string, project?: ComposeProject): Promise<TextFile | undefined> {
  const [named] = project?.environmentFile?.split(',') ?? []
  const file = named === undefined ? join(workingDir, '.env') : resolve(workingDir, named)
  const text = await readFileIfExists(file)
  return text === undefined ? undefined : { file, text }
}

async function required(file: string): Promise<string> {
  const text = await readFileIfExists(file)
  if (text !== undefined) return text
  throw new DdalabError('IMPORT_NOT_FOUND', `There is no ${file}`, { hint: 'Correct the path.' })
}

/** For env files and secrets that the Compose file names, while it is being read. */
function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, path)
  }
}

/** What is said when there is no engine to ask. */
export const engineNotAsked = (why: string) =>
  note(
    'warning',
    'the engine',
    `it was not asked, so that names of volumes and of the project are those of the files: ${why}`,
  )
