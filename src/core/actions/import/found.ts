import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { isTree, parseDocument } from '../../config/index.ts'
import { DdalabError, systemCode } from '../../errors.ts'
import { readFileIfExists } from '../../files.ts'
import { COMPOSE_FILES, looksLikeMain, usualPlaces } from '../../import/index.ts'
import type { ComposeProject } from '../../providers/docker/index.ts'
import type { World } from '../world.ts'

/** Something that can be imported. */
export type Found =
  /** A Compose file in its folder. */
  | { readonly kind: 'compose'; readonly path: string }
  /** A config of ConfigManager, or of ours. */
  | { readonly kind: 'config'; readonly path: string }
  /** A project that has containers. */
  | { readonly kind: 'project'; readonly name: string }

/** What lies at a path. Errors: IMPORT_NOT_FOUND, IMPORT_INVALID, FILE_NOT_READABLE. */
export async function foundAt(path: string): Promise<Found> {
  const found = (await isFolder(path)) ? await inFolder(path) : await inFile(path)
  if (found !== undefined) return found
  throw new DdalabError(
    'IMPORT_NOT_FOUND',
    `${path} has nothing to import: no Compose file and no deployment-config.yml`,
    {
      hint: `Name a folder with one of ${COMPOSE_FILES.join(', ')}, or the file itself.`,
    },
  )
}

/** Everything in the usual places, and running projects that look like DDALAB; each installation once. */
export async function findAll(world: World, projects: readonly ComposeProject[]): Promise<readonly Found[]> {
  const { platform, home, configHome } = world.environment
  const places = usualPlaces({ platform, home, settings: dirname(configHome) })
  const lying = (await Promise.all(places.map(atUsualPlace))).filter((found) => found !== undefined)
  const files = await onePerFile(lying)
  const seen = new Set(await Promise.all(files.map(({ path }) => realOf(dirname(path)))))
  const running: Found[] = []
  for (const project of projects.filter((one) => looksLikeDdalab(one))) {
    const folder = project.workingDir === undefined ? undefined : await realOf(project.workingDir)
    // What ddalab deployed itself is no installation of somebody else's.
    const isOurs = folder?.startsWith(await realOf(configHome)) ?? false
    if (!isOurs && (folder === undefined || !seen.has(folder))) running.push({ kind: 'project', name: project.name })
  }
  return [...files, ...running]
}

/** How a person names it on the command line. */
export function nameOf(found: Found): string {
  return found.kind === 'project'
    ? `--project ${found.name}`
    : found.kind === 'compose'
      ? dirname(found.path)
      : found.path
}

function looksLikeDdalab({ images, services }: ComposeProject): boolean {
  return services.includes('ddalab') || images.some((image) => looksLikeMain(image, { main: 'ddalab' }))
}

/** On systems whose file names have no case one folder answers to several names. */
async function onePerFile<T extends { readonly path: string }>(found: readonly T[]): Promise<readonly T[]> {
  const byPath = new Map<string, T>()
  for (const one of found) {
    const real = await realOf(one.path)
    if (!byPath.has(real)) byPath.set(real, one)
  }
  return [...byPath.values()]
}

async function atUsualPlace(path: string): Promise<Exclude<Found, { kind: 'project' }> | undefined> {
  try {
    return (await isFolder(path)) ? await inFolder(path) : await inFile(path)
  } catch (thrown) {
    // A place that nobody named, and that is not there or may not be looked into.
    if (thrown instanceof DdalabError) return undefined
    throw thrown
  }
}

async function inFolder(path: string): Promise<Exclude<Found, { kind: 'project' }> | undefined> {
  const names = new Set(await readdir(path))
  // A config beside a Compose file says more: the file was made of it.
  if (names.has('deployment-config.yml')) return { kind: 'config', path: join(path, 'deployment-config.yml') }
  const compose = COMPOSE_FILES.find((name) => names.has(name))
  return compose === undefined ? undefined : { kind: 'compose', path: join(path, compose) }
}

async function inFile(path: string): Promise<Exclude<Found, { kind: 'project' }> | undefined> {
  const text = await readFileIfExists(path)
  if (text === undefined) throw missing(path)
  const { data } = parseDocument(text, path)
  if (isTree(data) && data.services !== undefined) return { kind: 'compose', path }
  if (isTree(data) && data.version !== undefined) return { kind: 'config', path }
  throw new DdalabError('IMPORT_INVALID', `${path} is neither a Compose file nor a config`, {
    hint: 'A Compose file has services, a config has a version.',
    place: { file: path },
  })
}

async function isFolder(path: string): Promise<boolean> {
  if (!isAbsolute(path)) throw new DdalabError('UNEXPECTED', `${path} is not absolute`)
  try {
    return (await stat(path)).isDirectory()
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')) throw missing(path)
    throw new DdalabError('FILE_NOT_READABLE', `${path} cannot be read (${systemCode(thrown) ?? 'unknown'})`, {
      hint: 'Run as its owner, or change its permissions.',
      cause: thrown,
    })
  }
}

function missing(path: string): DdalabError {
  return new DdalabError('IMPORT_NOT_FOUND', `There is no ${path}`, { hint: 'Correct the path.' })
}

/** The path without links; the path itself where it does not exist here. */
export function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
