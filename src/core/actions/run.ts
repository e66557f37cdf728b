import type { Plan } from '../kernel/index.ts'
import type { DockerProvider, Observation, ObservedContainer, PlanResult } from '../providers/docker/index.ts'
import type { OpenInstance } from './open.ts'
import type { Status } from './status.ts'
import type { World } from './world.ts'

export interface ChangeOptions {
  /** Shows the plan and asks; resolves to false when the person declines. Absent: nobody is asked. */
  readonly confirm?: (result: PlanResult) => Promise<boolean>
  /** Plan only. */
  readonly dryRun?: boolean
  /** Refuse unless the plan has this fingerprint: what was shown elsewhere is what runs (rule 43). */
  readonly fingerprint?: string
  /** Ask the registries for newer digests of the images. */
  readonly pull?: boolean
}

/** What became of a change, and the containers as they were last looked at where nothing was done since. */
export interface CarriedOut {
  readonly report: ChangeReport
  readonly containers?: readonly ObservedContainer[]
}

export interface ChangeReport {
  readonly outcome: 'unchanged' | 'changed' | 'declined' | 'planned'
  readonly plan: Plan
  readonly warnings: readonly string[]
  readonly run?: string
  /** How things are afterwards; absent where nothing was to be changed by this command. */
  readonly status?: Status
}

/** `carryOut` of `carry-out.ts`, which loads on use: what most commands find is nothing to do. */
export async function carryOut(
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
  makePlan: (observation: Observation) => PlanResult | Promise<PlanResult>,
  options: ChangeOptions,
): Promise<CarriedOut> {
  return (await import('./carry-out.ts')).carryOut(world, open, provider, makePlan, options)
}
