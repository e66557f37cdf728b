import { otherOwner, ownedVolumes, planDestroy } from '../providers/docker/index.ts'
import { openForChange } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import type { Target, World } from './world.ts'

export interface DestroyOptions extends ChangeOptions {
  /** Remove the volumes and the data in them. The command has made sure that the person means it. */
  readonly volumes: boolean
}

export interface DestroyReport extends ChangeReport {
  /** Names of the volumes that are, or would be, left with their data. */
  readonly keptVolumes: readonly string[]
}

/** Removes containers, networks and rendered files; config, journal, releases and (unless asked) volumes stay. */
export async function destroy(world: World, target: Target, options: DestroyOptions): Promise<DestroyReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    let keptVolumes: readonly string[] = []
    const { report } = await carryOut(
      world,
      open,
      provider,
      (observation) => {
        keptVolumes = options.volumes ? [] : ownedVolumes(open.stack, observation).map(({ name }) => name)
        return {
          plan: planDestroy(open.stack, observation, options),
          problems: otherOwner(open.stack, observation),
          warnings: [],
        }
      },
      options,
    )
    return { ...report, keptVolumes }
  } finally {
    await provider.close()
  }
}
