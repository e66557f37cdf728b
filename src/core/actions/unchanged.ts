import type { DockerProvider, Observation, PlanResult } from '../providers/docker/index.ts'
import { leaseStore } from './lease.ts'
import type { OpenInstance } from './open.ts'
import { leftovers } from './recover-run.ts'
import type { CarriedOut, ChangeOptions } from './run.ts'
import type { World } from './world.ts'

/**
 * What a change with nothing to do comes to, found without the lease: nothing is written, and nobody else changed anything
 * while it was looked at. Undefined where there may be something to do: then `carryOut` decides.
 */
export async function findUnchanged(
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
  makePlan: (observation: Observation) => PlanResult,
  { dryRun, pull = false, fingerprint }: ChangeOptions,
): Promise<CarriedOut | undefined> {
  if (dryRun === true || open.compiledAnew) return undefined
  const found = await leaseStore(world, open.paths).undisturbed(() =>
    Promise.all([provider.observe(open.stack, { pull, takenOver: open.takenOver }), leftovers(open)]),
  )
  if (found === undefined) return undefined
  const [observation, left] = found
  const { plan, problems, warnings } = makePlan(observation)
  const isAsked = fingerprint === undefined || fingerprint === plan.fingerprint
  if (plan.operations.length > 0 || problems.length > 0 || left.length > 0 || !isAsked) return undefined
  return { report: { outcome: 'unchanged', plan, warnings }, containers: observation.containers }
}
