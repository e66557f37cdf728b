import { access, constants, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DdalabError, toDdalabError } from '../errors.ts'
import { isMissing } from '../files.ts'
import { containerAtPort, type DockerProvider, freeBytes, processAtPort } from '../providers/docker/index.ts'
import { connect } from './open.ts'
import type { Target, World } from './world.ts'

/** What can be found out about the machine on which an instance is to run, before there is one. Changes nothing. */
export interface Surroundings {
  /** What the machine of the engine has; empty where it is not known. */
  readonly machine: { readonly cpus?: number; readonly memory?: number }
  /** Who holds a TCP port, in words; undefined when it is free, or cannot be told. */
  portHolder(port: number): Promise<string | undefined>
  /** Whether data can be kept in a folder of this machine. */
  folder(path: string): Promise<FolderFacts>
  close(): Promise<void>
}

export interface FolderFacts {
  readonly path: string
  readonly state: 'there' | 'can be made' | 'no folder' | 'not writable'
  /** Free bytes of its file system, where that can be told. */
  readonly free?: number
}

/** Looks around with the engine where one answers, else on this machine alone. Never throws. */
export async function lookAround(world: World, target: Target): Promise<Surroundings> {
  const provider = await connect(world, target).catch(toDdalabError)
  if (provider instanceof DdalabError) return onThisMachine(world)
  const facts = await provider.facts().catch(() => undefined)
  return facts?.local === false ? elsewhere(provider) : onThisMachine(world, provider)
}

function onThisMachine(world: World, provider?: DockerProvider): Surroundings {
  return {
    machine: { cpus: availableParallelism(), memory: totalmem() },
    portHolder: async (port) =>
      (provider && (await containerAtPort(provider.engine, port).catch(() => undefined))) ?? processAtPort(port),
    folder: (path) => folderFacts(atHome(path, world.environment.home)),
    close: async () => provider?.close(),
  }
}

/** Rule 40: ports and folders are those of the engine's machine, and only its containers can be seen from here. */
async function elsewhere(provider: DockerProvider): Promise<Surroundings> {
  const info = await provider.engine.info().catch(() => undefined)
  return {
    machine: info === undefined ? {} : { cpus: info.NCPU, memory: info.MemTotal },
    portHolder: (port) => containerAtPort(provider.engine, port).catch(() => undefined),
    folder: async (path) => ({ path, state: 'there' }),
    close: () => provider.close(),
  }
}

/** `~` is the home directory, as in Compose files. */
export function atHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(path)
}

async function folderFacts(path: string): Promise<FolderFacts> {
  const nearest = await nearestThere(path)
  const free = await freeBytes(nearest)
  const facts = { path, ...(free !== undefined && { free }) }
  const isFolder = await stat(nearest).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder) return { ...facts, state: 'no folder' }
  const isWritable = await access(nearest, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!isWritable) return { ...facts, state: 'not writable' }
  return { ...facts, state: nearest === path ? 'there' : 'can be made' }
}

async function nearestThere(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    (error) => !isMissing(error),
  )
  return isThere || dirname(path) === path ? path : nearestThere(dirname(path))
}
