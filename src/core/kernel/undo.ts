import { type DdalabError, type ErrorData, toDdalabError } from '../errors.ts'
import { restrict, reverse, type Visit, walk } from './graph.ts'
import type { Outcome } from './handler.ts'
import type { Operation, OperationId } from './plan.ts'
import { contextOf, endRun, operationOf, type Run, type RunReport, tryAppend, undoOf } from './run.ts'
import { rollbackFailed } from './run-errors.ts'

/**
 * Takes back every operation that was begun, in reverse order, and ends the run. The steps on which one stands that could
 * not be undone are left in place: pulling the floor from under something that still serves would make things worse. All
 * others are undone. Nothing interrupts an undo but the death of the process, and recovery then takes it up again.
 *
 * @param cause why the run failed, for the report of an undo that fails too
 */
export async function undo(
  run: Run,
  begun: ReadonlyMap<OperationId, Outcome | undefined>,
  cause: ErrorData | undefined,
): Promise<RunReport> {
  const standing = new Set(begun.keys())
  const failures: { operation: Operation; error: DdalabError }[] = []
  const never = new AbortController().signal

  const takeBack = async (step: Visit): Promise<boolean> => {
    const { id } = step
    const operation = operationOf(run, id)
    run.sink.emit({ type: 'operation.undoing', operation: id })
    await tryAppend(run, { type: 'undo-intent', operation: id })
    try {
      await undoOf(run.handlers, operation)(operation, begun.get(id), contextOf(run, step, never))
    } catch (thrown) {
      const error = toDdalabError(thrown)
      failures.push({ operation, error })
      run.sink.emit({ type: 'operation.undoFailed', operation: id, error: error.toData() })
      await tryAppend(run, { type: 'undo-failed', operation: id, error: error.toData() })
      return false
    }
    standing.delete(id)
    await tryAppend(run, { type: 'undone', operation: id })
    run.sink.emit({ type: 'operation.undone', operation: id })
    return true
  }

  await walk(reverse(restrict(run.graph, (id) => begun.has(id))), takeBack, { concurrency: run.concurrency })

  if (standing.size === 0) {
    await endRun(run, 'rolled-back')
    return { run: run.id, result: 'rolled-back' }
  }
  const failed = new Set(failures.map(({ operation }) => operation.id))
  const kept = [...standing].filter((id) => !failed.has(id)).map((id) => operationOf(run, id))
  await endRun(run, 'rollback-failed')
  return { run: run.id, result: 'rollback-failed', error: rollbackFailed(failures, kept, cause) }
}
