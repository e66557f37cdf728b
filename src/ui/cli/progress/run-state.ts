import type { ErrorData } from '../../../core/errors.ts'
import type { Progress, StampedEvent } from '../../../core/kernel/events.ts'
import type { OperationId } from '../../../core/kernel/plan.ts'

export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo-failed'

export interface Step {
  readonly id: OperationId
  /** What is done to what: `container demo-web-1: create from demo:2`. */
  readonly title: string
  readonly status: StepStatus
  /** Milliseconds since the epoch, of the last change to running or undoing. */
  readonly since?: number
  readonly elapsedMs?: number
  readonly progress?: Progress
  readonly error?: ErrorData
}

/** What is known of a run at a moment, from its events alone. */
export interface RunState {
  /** Undefined until the run started. */
  readonly title?: string
  readonly steps: ReadonlyMap<OperationId, Step>
  readonly undoing: boolean
}

export const NO_RUN: RunState = { steps: new Map(), undoing: false }

/** The state after one more event. */
export function nextState(state: RunState, event: StampedEvent): RunState {
  const at = Date.parse(event.ts)
  switch (event.type) {
    case 'run.started':
      return {
        title: `${event.action} ${event.instance}`,
        undoing: false,
        steps: new Map(
          event.operations.map(({ id, resource, effect }) => [
            id,
            { id, title: `${resource}: ${effect}`, status: 'waiting' },
          ]),
        ),
      }
    case 'run.recovering':
      return { title: `run ${event.run}`, steps: new Map(), undoing: event.verdict === 'undo' }
    case 'run.verdict':
      return { ...state, undoing: event.verdict === 'undo' }
    case 'operation.started':
      return update(state, event.operation, { status: 'running', since: at })
    case 'operation.progress':
      return update(state, event.operation, { progress: event.progress })
    case 'operation.succeeded':
      return update(state, event.operation, { status: 'done', elapsedMs: event.elapsedMs })
    case 'operation.failed':
      return update(state, event.operation, { status: 'failed', error: event.error })
    case 'operation.undoing':
      return update(state, event.operation, { status: 'undoing', since: at })
    case 'operation.undone':
      return update(state, event.operation, { status: 'undone' })
    case 'operation.undoFailed':
      return update(state, event.operation, { status: 'undo-failed', error: event.error })
    case 'run.finished':
      return event.result === 'rolled-back' ? { ...state, title: `Undone: ${state.title}`, undoing: false } : state
    case 'notice':
      return state
  }
}

function update(state: RunState, id: OperationId, change: Partial<Step>): RunState {
  const step = state.steps.get(id) ?? { id, title: id, status: 'waiting' }
  return { ...state, steps: new Map(state.steps).set(id, { ...step, ...change }) }
}
