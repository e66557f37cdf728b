import { deployPlanner } from './plan.ts'
import { openForChange } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import { withStatus } from './status.ts'
import type { Target, World } from './world.ts'

/** Brings what runs to what the config says. */
export async function deploy(world: World, target: Target, options: ChangeOptions): Promise<ChangeReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    const done = await carryOut(world, open, provider, await deployPlanner(open), options)
    return await withStatus(done, world, open, provider)
  } finally {
    await provider.close()
  }
}
