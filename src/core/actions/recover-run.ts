import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DdalabError, systemCode } from '../errors.ts'
import { temporaryFor } from '../files.ts'
import { recover } from '../kernel/index.ts'
import type { DockerProvider } from '../providers/docker/index.ts'
import { createJournalStore } from '../state/index.ts'
import { fileHashes } from './file-hashes.ts'
import { leaseStore } from './lease.ts'
import {
  closeOnceOpen,
  connect,
  type InstancePlace,
  locateInstance,
  type OnEngineOptions,
  openOnEngine,
} from './open.ts'
import { backupDir, handlersFor } from './run-handlers.ts'
import type { Target, World } from './world.ts'

/** An instance and its engine, for a command that changes something unless it is a dry run. Errors of `recoverLeft` and `openOnEngine`. */
export async function openForChange(
  world: World,
  target: Target,
  { dryRun }: { readonly dryRun?: boolean },
  onConnected?: OnEngineOptions['onConnected'],
) {
  // The engine answers while it is looked for what was left.
  const connecting = connect(world, target)
  connecting.catch(() => undefined)
  try {
    if (dryRun !== true) await recoverLeft(world, target)
  } catch (thrown) {
    closeOnceOpen(connecting)
    throw thrown
  }
  return openOnEngine(world, target, { connecting, onConnected })
}

/**
 * Finishes or undoes what an earlier process left, before anything is read that this may change: the config goes back with
 * the containers. Nothing where nothing was left. Errors: LOCKED, ENGINE_*, those of the undo.
 */
export async function recoverLeft(world: World, target: Target): Promise<void> {
  const place = locateInstance(world, target)
  if ((await createJournalStore(place.paths.journal).unfinished()) === undefined) return
  const provider = await connect(world, target)
  try {
    const lease = await leaseStore(world, place.paths).acquire({ command: world.command, signal: world.signal })
    try {
      await recoverUnderLease(world, place, provider, AbortSignal.any([world.signal, lease.lost]))
    } finally {
      await lease.release()
    }
  } finally {
    await provider.close()
  }
}

/** The same for a command that has read the config already. The lease is held. CONFIG_CHANGED when that is not the config any more. */
export async function recoverRun(
  world: World,
  place: InstancePlace,
  provider: DockerProvider,
  signal: AbortSignal,
): Promise<void> {
  const { config } = place.paths
  const [before, isRecovered] = [await fileHashes([config]), await recoverUnderLease(world, place, provider, signal)]
  if (!isRecovered || (await fileHashes([config]))[config] === before[config]) return
  throw new DdalabError('CONFIG_CHANGED', 'What an earlier command left was undone first, and the config with it.', {
    hint: 'Look at the config, then run the command again.',
    nextSteps: ['ddalab config history'],
    place: { file: config },
  })
}

/** Whether there was anything to recover. */
async function recoverUnderLease(
  world: World,
  place: InstancePlace,
  provider: DockerProvider,
  signal: AbortSignal,
): Promise<boolean> {
  const report = await recover({
    journals: createJournalStore(place.paths.journal),
    handlers: handlersFor(world, place, provider, undefined),
    sink: world.sink,
    now: world.now,
    signal,
  })
  if (report?.error !== undefined && report.result !== 'rolled-back') throw report.error
  await sweepBackups(place)
  return report !== undefined
}

/** Former contents of files hold secrets: they go as soon as no run needs them, also those that a crash left behind. */
export async function sweepBackups(place: InstancePlace): Promise<void> {
  if ((await createJournalStore(place.paths.journal).unfinished()) !== undefined) return
  for (const path of await leftovers(place)) await rm(path, { recursive: true, force: true })
}

/**
 * What runs that have ended left behind: the former contents of files, and what a process that was killed in mid-write left of
 * a file. Only for those who know that nobody writes now.
 */
export async function leftovers({ paths }: InstancePlace): Promise<readonly string[]> {
  const found = await Promise.all([
    namesIn(paths.journal).then((files) => files.filter((file) => file === backupDir(paths))),
    temporariesIn(paths.directory),
    temporariesIn(paths.releases),
    temporariesIn(paths.ingress, { recursive: true }),
  ])
  return found.flat()
}

const temporariesIn: typeof namesIn = async (directory, options) =>
  (await namesIn(directory, options)).filter((path) => temporaryFor(basename(path)) !== undefined)

/** The paths of what is in a directory; none where it is absent. */
async function namesIn(directory: string, options: { readonly recursive?: boolean } = {}): Promise<readonly string[]> {
  const names = await readdir(directory, options).catch((error) => {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  })
  return names.map((name) => join(directory, name))
}
