import type { ErrorData } from '../errors.ts'
import type { RunResult } from './events.ts'
import type { Outcome } from './handler.ts'
import type { JournalRecord } from './journal.ts'
import type { OperationId, Plan } from './plan.ts'

/** What a journal says about its run: where it stands, and what would have to be undone or finished. */
export interface RunHistory {
  readonly run: string
  readonly command: string
  readonly startedAt: string
  readonly plan: Plan
  readonly verdict?: 'commit' | 'undo'
  /** Why the verdict is `undo`. */
  readonly cause?: ErrorData
  /** Operations begun and not undone, with what they left; undefined where their end is not known. */
  readonly begun: ReadonlyMap<OperationId, Outcome | undefined>
  readonly done: ReadonlySet<OperationId>
  /** Steps whose last undo failed. */
  readonly undoFailures: ReadonlyMap<OperationId, ErrorData>
  /** Of the last `end`. A run of which something follows it (a new try of a failed undo) is in progress again. */
  readonly result?: RunResult
}

/** Folds the lines of a journal into the state of its run; undefined when it died before its first line was written. */
export function readHistory(records: readonly JournalRecord[]): RunHistory | undefined {
  const [begin, ...rest] = records
  if (begin?.type !== 'begin') return undefined

  const begun = new Map<OperationId, Outcome | undefined>()
  const done = new Set<OperationId>()
  const undoFailures = new Map<OperationId, ErrorData>()
  let verdict: RunHistory['verdict']
  let cause: ErrorData | undefined

  for (const record of rest) {
    switch (record.type) {
      case 'intent':
        begun.set(record.operation, undefined)
        break
      case 'done':
        begun.set(record.operation, record.outcome)
        done.add(record.operation)
        break
      case 'verdict':
        verdict = record.verdict
        cause = record.cause
        break
      case 'undone':
        begun.delete(record.operation)
        undoFailures.delete(record.operation)
        break
      case 'undo-failed':
        undoFailures.set(record.operation, record.error)
        break
      case 'begin':
      case 'failed':
      case 'undo-intent':
      case 'end':
        break
      default:
        record satisfies never
    }
  }

  const last = records.at(-1)
  return {
    run: begin.run,
    command: begin.command,
    startedAt: begin.at,
    plan: begin.plan,
    begun,
    done,
    undoFailures,
    ...(verdict !== undefined && { verdict }),
    ...(cause !== undefined && { cause }),
    ...(last?.type === 'end' && { result: last.result }),
  }
}
