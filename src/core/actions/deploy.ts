import { planDeploy } from '../providers/docker/index.ts'
import { nextReleaseId, releaseStore, withRelease } from '../release/index.ts'
import { mainVersion } from '../stack/index.ts'
import { connect, openInstance } from './open.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import type { Target, World } from './world.ts'

/** Brings what runs to what the config says. */
export async function deploy(world: World, target: Target, options: ChangeOptions): Promise<ChangeReport> {
  const open = await openInstance(world, target)
  const provider = await connect(world, target)
  try {
    const releases = await releaseStore(open.paths.releases).list()
    const makePlan = (observation: Parameters<typeof planDeploy>[1]) => {
      const result = planDeploy(open.stack, observation)
      return { ...result, plan: withRelease(result.plan, nextReleaseId(releases), mainVersion(open.stack)) }
    }
    const report = await carryOut(world, open, provider, makePlan, options)
    return { ...report, warnings: [...open.warnings, ...report.warnings] }
  } finally {
    await provider.close()
  }
}
