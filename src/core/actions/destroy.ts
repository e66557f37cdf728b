import type { Plan } from '../kernel/index.ts'
import { dataVolumes, otherOwner, planDestroy } from '../providers/docker/index.ts'
import { releaseStore, rollbackPoints, withPruning } from '../release/index.ts'
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

/**
 * Removes containers, networks and rendered files; config, journal, releases and (unless asked) volumes stay. Without the
 * data nobody goes back to an earlier release: with the volumes the rollback points go.
 */
export async function destroy(world: World, target: Target, options: DestroyOptions): Promise<DestroyReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    let keptVolumes: readonly string[] = []
    const hasPoints = rollbackPoints(await releaseStore(open.paths.releases).kept()).length > 0
    const { report } = await carryOut(
      world,
      open,
      provider,
      (observation) => {
        keptVolumes = options.volumes ? [] : dataVolumes(open.stack, observation)
        const plan = planDestroy(open.stack, observation, options)
        return {
          plan: hasPoints ? withPoints(plan, open.keep, options) : plan,
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

/** Images of rollback points that containers held have to be held by something else now, or go with the data. */
function withPoints(plan: Plan, keep: number, { volumes }: DestroyOptions): Plan {
  if (volumes) return withPruning(plan, 0)
  return plan.operations.length === 0 ? plan : withPruning(plan, keep)
}
