import { createJournalStore } from '../state/index.ts'
import { leaseStore } from './lease.ts'
import { closeOnceOpen, connect, locateInstance, type OnEngineOptions, openOnEngine } from './open.ts'
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
      await (await import('./recovery.ts')).recoverUnderLease(
        world,
        place,
        provider,
        AbortSignal.any([world.signal, lease.lost]),
      )
    } finally {
      await lease.release()
    }
  } finally {
    await provider.close()
  }
}
