import type { DdalabError } from '../errors.ts'
import { restrict, type Visit, walk } from './graph.ts'
import type { OperationId } from './plan.ts'
import { announceEnd, contextOf, endRun, executeOf, operationOf, type Run, type RunReport, tryAppend } from './run.ts'
import { interruption, parked, stepFailure } from './run-errors.ts'

/** A commit step is tried this often before the run is parked: a second try costs less than a second command. */
const TRIES = 2

/**
 * Finishes a run after the verdict `commit`: the steps that remove what was replaced and record what was reached. They are
 * idempotent and cannot be undone. When some are left, after a failure or because `signal` was aborted (rule 41), the run
 * is parked: its journal gets no end, and the next command goes on from there.
 *
 * @param done steps that an earlier process has finished
 */
export async function commit(run: Run, done: ReadonlySet<OperationId>, signal: AbortSignal): Promise<RunReport> {
  const steps = restrict(run.graph, (id) => operationOf(run, id).phase === 'commit' && !done.has(id))
  const left = new Set(steps.keys())
  let failure: DdalabError | undefined

  const carryOut = async (step: Visit): Promise<boolean> => {
    const { id } = step
    const operation = operationOf(run, id)
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = run.now().getTime()
      try {
        await run.journal.append({ type: 'intent', operation: id })
        run.sink.emit({ type: 'operation.started', operation: id })
        const outcome = await executeOf(run.handlers, operation)(operation, contextOf(run, step, signal))
        await run.journal.append({ type: 'done', operation: id, outcome })
        left.delete(id)
        run.sink.emit({ type: 'operation.succeeded', operation: id, elapsedMs: run.now().getTime() - startedAt })
        return true
      } catch (thrown) {
        const error = stepFailure(thrown, signal)
        await tryAppend(run, { type: 'failed', operation: id, error: error.toData() })
        if (attempt < TRIES && !signal.aborted) continue
        failure ??= error
        run.sink.emit({ type: 'operation.failed', operation: id, error: error.toData() })
        return false
      }
    }
  }

  await walk(steps, carryOut, { concurrency: run.concurrency, halted: () => signal.aborted })

  if (left.size === 0) {
    await endRun(run, 'committed')
    return { run: run.id, result: 'committed' }
  }
  announceEnd(run, 'parked', run.now())
  return { run: run.id, result: 'parked', error: parked(failure ?? interruption(signal)) }
}
