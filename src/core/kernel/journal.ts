import type { ErrorData } from '../errors.ts'
import type { RunResult } from './events.ts'
import type { Outcome } from './handler.ts'
import type { OperationId, Plan } from './plan.ts'

/** One line of the journal. A line is on disk before the step that it announces goes on. */
export type JournalRecord =
  | {
      readonly type: 'begin'
      readonly run: string
      readonly at: string
      readonly command: string
      /** The user's name. Journals of earlier programs lack it. */
      readonly by?: string
      readonly plan: Plan
    }
  | { readonly type: 'intent'; readonly operation: OperationId }
  | { readonly type: 'done'; readonly operation: OperationId; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly operation: OperationId; readonly error: ErrorData }
  | { readonly type: 'verdict'; readonly verdict: 'commit' | 'undo'; readonly cause?: ErrorData }
  | { readonly type: 'undo-intent'; readonly operation: OperationId }
  | { readonly type: 'undone'; readonly operation: OperationId }
  | { readonly type: 'undo-failed'; readonly operation: OperationId; readonly error: ErrorData }
  | { readonly type: 'end'; readonly result: RunResult; readonly at: string }

/** An open journal of one run. */
export interface Journal {
  /** Resolves when the line is durable. A line that is refused (disk full) is not in the journal. */
  append(record: JournalRecord): Promise<void>
  close(): Promise<void>
}

/** Where journals live. The kernel knows no files: `core/state` implements this on the file system. */
export interface JournalStore {
  /** A new, empty journal for a run. Refused while another run is not complete: that one has to be recovered first. */
  create(run: string): Promise<Journal>
  /**
   * The run that is not complete (see `isComplete`), with its records so far; undefined when there is none.
   * A torn last line is dropped. Only reads: a run that is under way in another process is found too, the lease tells which.
   */
  unfinished(): Promise<{ readonly run: string; readonly records: readonly JournalRecord[] } | undefined>
  /** Opens an existing journal to append to. */
  reopen(run: string): Promise<Journal>
}

/**
 * Whether nothing is left to do for the run of these records. A run whose undo failed has ended, and its end says so, but it
 * is not complete: the next command tries what could not be undone once more before anything else.
 */
export function isComplete(records: readonly JournalRecord[]): boolean {
  const last = records.at(-1)
  return last?.type === 'end' && last.result !== 'rollback-failed'
}
