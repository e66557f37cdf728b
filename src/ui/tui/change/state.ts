import type { ErrorData } from '../../../core/errors.ts'
import type { RunState } from '../../cli/progress/run-state.ts'
import type { Line } from '../../wizard/line.ts'
import type { Ended, Proposal } from './changer.ts'
import type { ChangeRequest } from './request.ts'

export type Focus = 'cancel' | 'go'

/** A plan that waits for a person. */
export interface PlannedStage {
  readonly kind: 'planned'
  readonly request: ChangeRequest
  readonly proposal: Proposal
  /** Another one was agreed to before, and the system has changed since. */
  readonly isStale: boolean
  readonly focus: Focus
  /** The name that is typed where something is lost for good. */
  readonly name: Line
  /** It was not the name of the instance. */
  readonly isWrongName: boolean
}

/** A change that is under way. Times are ms since the epoch. */
export interface RunningStage {
  readonly kind: 'running'
  readonly request: ChangeRequest
  readonly proposal: Proposal
  readonly run: RunState
  readonly startedAt: number
  readonly isCancelled: boolean
}

export interface EndedStage {
  readonly kind: 'ended'
  readonly request: ChangeRequest
  readonly run: RunState
  readonly end: Ended
  readonly elapsedMs: number
  readonly isCancelled: boolean
}

export type Stage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'planning'; readonly request: ChangeRequest; readonly isStale: boolean }
  | { readonly kind: 'nothing'; readonly request: ChangeRequest; readonly text: string }
  | { readonly kind: 'refused'; readonly request: ChangeRequest; readonly error: ErrorData }
  | PlannedStage
  | RunningStage
  | EndedStage

export interface ChangeState {
  readonly stage: Stage
  /** The result of the last change: what is shown again when the next plan is declined. */
  readonly last: EndedStage | undefined
  /** The first line in sight; undefined while what is under way stays in sight. */
  readonly top: number | undefined
}

export const NO_CHANGE: ChangeState = { stage: { kind: 'idle' }, last: undefined, top: undefined }

/** What the dashboard has to know of the change: which keys mean what, and whether it may be left. */
export type Phase = 'idle' | 'planning' | 'planned' | 'naming' | 'running' | 'undoing' | 'ended' | 'failed'

export function phaseOf({ stage }: ChangeState): Phase {
  switch (stage.kind) {
    case 'idle':
    case 'planning':
      return stage.kind
    case 'planned':
      return stage.proposal.loss === null ? 'planned' : 'naming'
    case 'running':
      return stage.isCancelled || stage.run.undoing ? 'undoing' : 'running'
    case 'refused':
      return 'failed'
    case 'ended':
      return stage.end.kind === 'failed' ? 'failed' : 'ended'
    case 'nothing':
      return 'ended'
  }
}

/** Whether something is being changed: then nothing else can be, and leaving is a question. */
export function isUnderWay(phase: Phase): boolean {
  return phase === 'running' || phase === 'undoing'
}
