import type { Status } from '../../../core/actions/status.ts'
import type { ErrorData } from '../../../core/errors.ts'
import type { StampedEvent } from '../../../core/kernel/events.ts'
import type { Plan } from '../../../core/kernel/plan.ts'
import type { Tone } from '../../cli/style.ts'
import type { ChangeRequest } from './request.ts'

/** A line of text in one tone. */
export interface Row {
  readonly text: string
  readonly tone?: Tone
}

/** What a change would do, for the person who is to agree to it. */
export interface Proposal {
  readonly plan: Plan
  /** What it means beside its steps: the release, the difference of the config. */
  readonly about: readonly Row[]
  readonly warnings: readonly string[]
  /** What is lost for good: then the name of the instance has to be typed. Null when nothing is. */
  readonly loss: string | null
  /** How long it took the last time, ms; null when that is not known. */
  readonly expectedMs: number | null
}

/** What planning came to. */
export type Planned =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'nothing'; readonly text: string }
  | { readonly kind: 'refused'; readonly error: ErrorData }

/** What carrying out came to. */
export type Ended =
  | {
      readonly kind: 'done'
      readonly isChanged: boolean
      readonly warnings: readonly string[]
      /** What to know about it: where the data of before is. */
      readonly notes: readonly string[]
      /** How things were at the end; null where nobody looked. */
      readonly status: Status | null
    }
  | { readonly kind: 'failed'; readonly error: ErrorData }

/** Who plans changes and carries them out. Neither rejects, and no secret is in what they tell. */
export interface Changer {
  /** Changes nothing and holds no lease: a person may think about it for an hour. */
  plan(request: ChangeRequest, signal: AbortSignal): Promise<Planned>
  /** Only while the plan has still this fingerprint. The signal undoes what was begun. */
  run(
    request: ChangeRequest,
    fingerprint: string,
    signal: AbortSignal,
    tell: (event: StampedEvent) => void,
  ): Promise<Ended>
}
