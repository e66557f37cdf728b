import { planDestroy } from '../providers/docker/index.ts'
import { connect, openInstance } from './open.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import type { Target, World } from './world.ts'

export interface DestroyOptions extends ChangeOptions {
  /** Remove the volumes and the data in them. The command has made sure that the person means it. */
  readonly volumes: boolean
}

/** Removes containers, networks and rendered files; config, journal, releases and (unless asked) volumes stay. */
export async function destroy(world: World, target: Target, options: DestroyOptions): Promise<ChangeReport> {
  const open = await openInstance(world, target)
  const provider = await connect(world, target)
  try {
    return await carryOut(
      world,
      open,
      provider,
      (observation) => ({ plan: planDestroy(open.stack, observation, options), problems: [], warnings: [] }),
      options,
    )
  } finally {
    await provider.close()
  }
}
