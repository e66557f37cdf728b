import { DdalabError, type ErrorData, EXIT, toDdalabError } from '../errors.ts'
import type { Operation } from './plan.ts'

/** Why a run does not go on: a step failed, or someone wants it to stop. */
export interface Stop {
  readonly cause: DdalabError
  readonly by: 'step' | 'signal'
}

/** Why a run was stopped from outside: the reason given to `abort` when it is one of our errors (a deadline), else Ctrl-C. */
export function interruption(signal: AbortSignal): DdalabError {
  return signal.reason instanceof DdalabError ? signal.reason : new DdalabError('INTERRUPTED', 'interrupted')
}

/** The failure of a step. One that ended early because the run is stopping says so, instead of looking like a fault of its own. */
export function stepFailure(thrown: unknown, signal: AbortSignal): DdalabError {
  const isAbort = thrown instanceof Error && thrown.name === 'AbortError'
  return signal.aborted && isAbort ? interruption(signal) : toDdalabError(thrown)
}

/** What in-flight steps are told when another one has failed. */
export function stoppedBecause(cause: DdalabError): DdalabError {
  return new DdalabError('INTERRUPTED', `stopped, because the run failed: ${cause.message}`, { cause })
}

/**
 * The error of a run that was undone: its cause, with the exit code that says everything is as it was. Whoever stopped it
 * from outside keeps the exit code that he gave (130, 9).
 */
export function rolledBack({ cause, by }: Stop): DdalabError {
  const message = `${cause.message.replace(/\.$/, '')}; what was begun has been undone`
  const exit = by === 'step' ? EXIT.rolledBack : cause.exit
  return new DdalabError(cause.code, message, { ...cause.options, exit, cause })
}

/**
 * An undo that did not succeed. `failures` are the steps that could not be taken back, `kept` those left in place because
 * such a step stands on them.
 */
export function rollbackFailed(
  failures: readonly { readonly operation: Operation; readonly error: DdalabError }[],
  kept: readonly Operation[],
  cause: ErrorData | undefined,
): DdalabError {
  const count = failures.length === 1 ? 'one step' : `${failures.length} steps`
  return new DdalabError('ROLLBACK_FAILED', `the run failed, and ${count} could not be undone`, {
    hint: 'Put right what is named here. The next command tries to undo it again before it does anything else.',
    details: [
      ...(cause === undefined ? [] : [`why the run failed: ${cause.message}`]),
      ...failures.map(({ operation, error }) => `not undone: ${operation.resource}: ${error.message}`),
      ...kept.map((operation) => `left in place, because a step named above stands on it: ${operation.resource}`),
    ],
  })
}

/** The change is in effect, but steps after the verdict are left to do. */
export function parked(cause: DdalabError): DdalabError {
  return new DdalabError(cause.code, `the change is in effect, but its last steps are not done: ${cause.message}`, {
    ...cause.options,
    exit: cause.exit,
    hint: 'The next command finishes them before it does anything else.',
    cause,
  })
}
