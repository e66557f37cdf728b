import { setTimeout as pause } from 'node:timers/promises'
import { releases } from '../../core/actions/releases.ts'
import { watchStats } from '../../core/actions/stats.ts'
import type { FoundStatus } from '../../core/actions/status.ts'
import { updateNotice } from '../../core/actions/update-notice.ts'
import { watchStatus } from '../../core/actions/watch.ts'
import type { Target, World } from '../../core/actions/world.ts'
import { toDdalabError } from '../../core/errors.ts'
import { inDependencyOrder } from './dependency-order.ts'
import { quietWorld } from './quiet-world.ts'
import type { Point, Source, Update } from './source.ts'

/** ms until an engine that is gone is looked for again. */
const RETRY = 2_000
/** ms between two readings of the figures; one takes the engine a second or two. */
const BETWEEN_READINGS = 1_000

/** The instance as it is, through core. No secret is in what it tells. */
export function liveSource(world: World, target: Target): Source {
  return {
    watch: async (tell, signal) => {
      const { world: quiet, safe } = quietWorld(world, signal)
      const tellSafely = (update: Update) => tell(safe(update))
      await Promise.all([tellStatus(quiet, target, tellSafely), tellStats(quiet, target, tellSafely)])
    },
  }
}

async function tellStatus(world: World, target: Target, tell: (update: Update) => void): Promise<void> {
  let points: readonly Point[] = []
  let known: string | undefined
  await again(
    world.signal,
    async () => {
      for await (const { status, warnings } of watchStatus(world, target)) {
        const key = releaseKey(status)
        if (key !== known) points = await rollbackPoints(world, target)
        known = key
        const update = await updateNotice(world, target)
        const services = inDependencyOrder(status.services)
        tell({ type: 'snapshot', snapshot: { status: { ...status, services }, update, warnings, points } })
      }
    },
    (thrown) => {
      const { code, message, options } = toDdalabError(thrown)
      tell({ type: 'lost', code, message, hint: options.hint })
    },
  )
}

/** Why there are no figures (nothing runs, the engine is gone) is told by the status. */
function tellStats(world: World, target: Target, tell: (update: Update) => void): Promise<void> {
  return again(
    world.signal,
    async () => {
      for await (const stats of watchStats(world, target, [])) {
        tell({ type: 'stats', stats })
        await pause(BETWEEN_READINGS, undefined, { signal: world.signal })
      }
    },
    () => undefined,
  )
}

/** Does it until the signal fires. What it throws is handed on, and it is done again after a while. */
async function again(signal: AbortSignal, work: () => Promise<void>, failed: (thrown: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (thrown) {
      if (signal.aborted) return
      failed(thrown)
    }
    await pause(RETRY, undefined, { signal }).catch(() => undefined)
  }
}

/** Changes when there is something new to read in the releases. */
function releaseKey({ release, rollbackPoints: points }: FoundStatus['status']): string {
  return [release?.id, release?.deployedAt, ...points].join(' ')
}

async function rollbackPoints(world: World, target: Target): Promise<readonly Point[]> {
  const listed = await releases(world, target)
  return listed
    .filter(({ rollbackPoint }) => rollbackPoint)
    .map(({ release: { id, version, deployedAt }, current, dataBackup }) => ({
      id,
      version,
      deployedAt,
      current,
      hasData: dataBackup !== null,
    }))
    .toReversed()
}
