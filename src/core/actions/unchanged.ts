import type { DockerProvider, Listing, Observation, PlanResult } from '../providers/docker/index.ts'
import { leaseStore } from './lease.ts'
import type { OpenInstance } from './open.ts'
import type { CarriedOut, ChangeOptions } from './run.ts'
import { leftovers } from './run-files.ts'
import type { World } from './world.ts'

export interface UnchangedOptions extends ChangeOptions {
  /** What the lease was before anything was looked at. */
  readonly idle: number | undefined
  /** What the engine was asked since then. */
  readonly ahead: Listing | undefined
}

/**
 * What a change with nothing to do comes to, found without the lease: nothing is written, and nobody has changed anything since
 * the lease was `idle`. Undefined where there may be something to do: then `carryOut` decides.
 */
export async function findUnchanged(
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
  planning: Promise<(observation: Observation) => PlanResult>,
  { dryRun, pull = false, fingerprint, idle, ahead }: UnchangedOptions,
): Promise<CarriedOut | undefined> {
  if (dryRun === true || open.compiledAnew || idle === undefined) return undefined
  const [observation, makePlan, left] = await Promise.all([
    provider.observe(open.stack, { pull, takenOver: open.takenOver, ahead, onlyRunning: true }),
    planning,
    leftovers(open),
  ])
  if ((await leaseStore(world, open.paths).idle()) !== idle) return undefined
  const { plan, problems, warnings } = makePlan(observation)
  const isAsked = fingerprint === undefined || fingerprint === plan.fingerprint
  if (plan.operations.length > 0 || problems.length > 0 || left.length > 0 || !isAsked) return undefined
  return { report: { outcome: 'unchanged', plan, warnings }, containers: observation.containers }
}
