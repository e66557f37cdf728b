import { deployPlanner } from './plan.ts'
import { openForChange } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import { withStatus } from './status.ts'
import { findUnchanged } from './unchanged.ts'
import type { Target, World } from './world.ts'

/** Brings what runs to what the config says. */
export async function deploy(world: World, target: Target, options: ChangeOptions): Promise<ChangeReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    const planner = await deployPlanner(open)
    const unchanged = await findUnchanged(world, open, provider, planner, options)
    const done = unchanged ?? (await carryOut(world, open, provider, planner, options))
    return await withStatus(done, world, open, provider)
  } finally {
    await provider.close()
  }
}
