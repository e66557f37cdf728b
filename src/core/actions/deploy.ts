import type { DockerProvider } from '../providers/docker/index.ts'
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
  const idle = await leaseStore(world, locateInstance(world, target).paths).idle()
  let ahead: ReturnType<DockerProvider['lookAhead']> | undefined
  const { open, provider } = await openForChange(world, target, options, (connected) => {
    ahead = connected.lookAhead()
  })
  try {
    const planner = await deployPlanner(open)
    const unchanged = await findUnchanged(world, open, provider, planner, { ...options, idle, ahead })
    const done = unchanged ?? (await carryOut(world, open, provider, planner, options))
    return await withStatus(done, world, open, provider)
  } finally {
    await provider.close()
  }
}
