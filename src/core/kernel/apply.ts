import { restrict, type Visit, walk } from './graph.ts'
import type { Outcome } from './handler.ts'
import type { OperationId } from './plan.ts'
import { contextOf, executeOf, operationOf, type Run, tryAppend } from './run.ts'
import { interruption, type Stop, stepFailure, stoppedBecause } from './run-errors.ts'

export interface Applied {
  /** Every operation that was begun, with what it left; undefined where its end is not known. */
  readonly begun: ReadonlyMap<OperationId, Outcome | undefined>
  /** Absent when every operation succeeded. */
  readonly stop?: Stop
}

/**
 * Carries out the apply phase. On the first failure, or when `signal` is aborted, nothing new is begun and those in flight
 * are asked to come to an end (rule 41); one that succeeds all the same counts as done.
 */
export async function apply(run: Run, signal: AbortSignal): Promise<Applied> {
  const begun = new Map<OperationId, Outcome | undefined>()
  const stopping = new AbortController()
  let stop: Stop | undefined

  const halt = (reason: Stop): void => {
    if (stop !== undefined) return
    stop = reason
    stopping.abort(reason.by === 'signal' ? reason.cause : stoppedBecause(reason.cause))
  }
  const onAbort = (): void => halt({ cause: interruption(signal), by: 'signal' })

  const carryOut = async (step: Visit): Promise<boolean> => {
    const { id } = step
    const operation = operationOf(run, id)
    const startedAt = run.now().getTime()
    try {
      await run.journal.append({ type: 'intent', operation: id })
      if (stopping.signal.aborted) return false
      begun.set(id, undefined)
      run.sink.emit({ type: 'operation.started', operation: id })
      const outcome = await executeOf(run.handlers, operation)(operation, contextOf(run, step, stopping.signal))
      begun.set(id, outcome)
      await run.journal.append({ type: 'done', operation: id, outcome })
    } catch (thrown) {
      const cause = stepFailure(thrown, stopping.signal)
      halt({ cause, by: 'step' })
      run.sink.emit({ type: 'operation.failed', operation: id, error: cause.toData() })
      await tryAppend(run, { type: 'failed', operation: id, error: cause.toData() })
      return false
    }
    run.sink.emit({ type: 'operation.succeeded', operation: id, elapsedMs: run.now().getTime() - startedAt })
    return true
  }

  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    const steps = restrict(run.graph, (id) => operationOf(run, id).phase === 'apply')
    await walk(steps, carryOut, { concurrency: run.concurrency, halted: () => stopping.signal.aborted })
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  return { begun, ...(stop !== undefined && { stop }) }
}
