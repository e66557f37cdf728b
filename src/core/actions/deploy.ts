import type { Listing } from '../providers/docker/index.ts'
import { leaseStore } from './lease.ts'
import { locateInstance } from './open.ts'
import { deployPlanner } from './plan.ts'
import { openForChange } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import { withStatus } from './status.ts'
import { findUnchanged } from './unchanged.ts'
import type { Target, World } from './world.ts'

/** Brings what runs to what the config says. */
export async function deploy(world: World, target: Target, options: ChangeOptions): Promise<ChangeReport> {
  // What is seen from now on is good as long as nobody takes the lease.
  const place = locateInstance(world, target)
  const idle = leaseStore(world, place.paths).idle()
  // Awaited below; until then its failure must not end the program.
  idle.catch(() => undefined)
  let looking: Promise<Listing> | undefined
  const { open, provider } = await openForChange(world, target, options, (connected) => {
    if (options.dryRun !== true) looking = idle.then(() => connected.lookAhead(place.name))
    looking?.catch(() => undefined)
  })
  try {
    const seen = { idle: await idle, ahead: await looking }
    const planning = deployPlanner(open)
    const unchanged = await findUnchanged(world, open, provider, planning, { ...options, ...seen })
    const done = unchanged ?? (await carryOut(world, open, provider, await planning, options))
    return await withStatus(done, world, open, provider)
  } finally {
    await provider.close()
  }
}
