import type { Plan } from '../kernel/index.ts'
import type { ObservedContainer, PlanResult } from '../providers/docker/index.ts'
import type { Status } from './status.ts'

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

/** That of `carry-out.ts`, which loads on use: most commands find that there is nothing to do. */
export const carryOut: typeof import('./carry-out.ts').carryOut = async (...change) =>
  (await import('./carry-out.ts')).carryOut(...change)
