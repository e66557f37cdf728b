import { keptJournals } from '../state/index.ts'
import { runActivity } from './activity.ts'
import { locateInstance } from './open.ts'
import type { Target, World } from './world.ts'

/** How long the last run of an action that came to a good end took, ms; null when no journal of one is kept. */
export async function lastDuration(world: World, target: Target, action: string): Promise<number | null> {
  const journals = await keptJournals(locateInstance(world, target).paths.journal)
  const runs = [...journals.values()].flatMap(({ records }) => runActivity(records) ?? [])
  return runs.findLast((run) => run.action === action && run.result === 'committed')?.durationMs ?? null
}
