import type { Progress } from './events.ts'
import type { Json, Operation } from './plan.ts'

/** What `execute` leaves for `undo`: ids and former values, no secrets. It is written to the journal. */
export type Outcome = { readonly [key: string]: Json }

export interface OperationContext {
  readonly run: string
  /** Aborted by Ctrl-C, by a deadline, or when another step failed: long waits end early, short calls finish. */
  readonly signal: AbortSignal
  /** How many steps come after this one, along the longest way: what is scarce goes to the most urgent. */
  readonly urgency: number
  progress(progress: Progress): void
}

/**
 * How one kind of operation is carried out and taken back.
 *
 * `execute` may be called for work that is already done (an earlier run died before it could write so) and then says so by
 * succeeding. `undo` gets the outcome when there is one; without one the step was begun and its end is unknown (rules 4, 32),
 * and `undo` has to look for what it may have left. Both are idempotent.
 */
export interface OperationHandler {
  execute(operation: Operation, context: OperationContext): Promise<Outcome>
  /** Absent on steps of the commit phase. */
  undo?(operation: Operation, outcome: Outcome | undefined, context: OperationContext): Promise<void>
}

/** Handlers by operation kind. */
export type Handlers = { readonly [kind: string]: OperationHandler }
