import { rm } from 'node:fs/promises'
import { DdalabError } from '../errors.ts'
import { recover } from '../kernel/index.ts'
import type { DockerProvider } from '../providers/docker/index.ts'
import { createJournalStore } from '../state/index.ts'
import { fileHashes } from './file-hashes.ts'
import type { InstancePlace } from './open.ts'
import { leftovers } from './run-files.ts'
import { handlersFor } from './run-handlers.ts'
import type { World } from './world.ts'

/** `recoverUnderLease` for a command that has read the config already. CONFIG_CHANGED when that is not the config any more. */
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

/** Finishes or undoes what an earlier process left; whether there was anything. The lease is held. Errors: those of the undo. */
export async function recoverUnderLease(
  world: World,
  place: InstancePlace,
  provider: DockerProvider,
  signal: AbortSignal,
): Promise<boolean> {
  const report = await recover({
    journals: createJournalStore(place.paths.journal),
    handlers: await handlersFor(world, place, provider, undefined),
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
