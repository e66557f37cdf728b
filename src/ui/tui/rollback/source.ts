import { pointsOf, type RollbackPoint } from '../../../core/actions/rollback/points.ts'
import type { RollbackPreview } from '../../../core/actions/rollback/preview.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import type { Downtime } from '../../../core/kernel/plan.ts'
import { quietWorld } from '../quiet-world.ts'

/** What going back to a point would mean now. */
export interface Preview {
  readonly rollback: RollbackPreview
  /** How many things its plan changes; 0: it is what runs. */
  readonly changes: number
  readonly downtime: readonly Downtime[]
  readonly warnings: readonly string[]
}

/** Where the screen gets what it shows. What is rejected is a DdalabError: why there is nothing to show. */
export interface PointSource {
  points(signal: AbortSignal): Promise<readonly RollbackPoint[]>
  preview(release: string, restoreData: boolean, signal: AbortSignal): Promise<Preview>
}

/** Through core: a preview is a dry run of `rollback`. No secret is in what it tells. */
export function livePoints(world: World, target: Target): PointSource {
  return {
    points: async (signal) => {
      const quiet = quietWorld(world, signal)
      return quiet.safe(await pointsOf(quiet.world, target))
    },
    preview: async (release, restoreData, signal) => {
      const quiet = quietWorld(world, signal)
      const { rollback } = await import('../../../core/actions/rollback/rollback.ts')
      const report = await rollback(quiet.world, target, release, { dryRun: true, restoreData })
      const { plan, warnings } = report
      const changes = new Set(plan.operations.map(({ resource }) => resource)).size
      return quiet.safe({ rollback: report.rollback, changes, downtime: plan.downtime, warnings })
    },
  }
}
