import type { ErrorData } from '../errors.ts'
import type { RunResult } from './events.ts'
import type { Outcome } from './handler.ts'
import type { OperationId, Plan } from './plan.ts'

/** One line of the journal. A line is on disk before the step that it announces goes on. */
export type JournalRecord =
  | { readonly type: 'begin'; readonly run: string; readonly at: string; readonly command: string; readonly plan: Plan }
  | { readonly type: 'intent'; readonly operation: OperationId }
  | { readonly type: 'done'; readonly operation: OperationId; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly operation: OperationId; readonly error: ErrorData }
  | { readonly type: 'verdict'; readonly verdict: 'commit' | 'undo'; readonly cause?: ErrorData }
  | { readonly type: 'undo-intent'; readonly operation: OperationId }
  | { readonly type: 'undone'; readonly operation: OperationId }
  | { readonly type: 'undo-failed'; readonly operation: OperationId; readonly error: ErrorData }
  | { readonly type: 'end'; readonly result: RunResult; readonly at: string }

/** An open journal of one run. `append` resolves when the line is durable. */
export interface Journal {
  append(record: JournalRecord): Promise<void>
  close(): Promise<void>
}

/** Where journals live. The kernel knows no files: `core/state` implements this on the file system. */
export interface JournalStore {
  /** A new, empty journal for a run. */
  create(run: string): Promise<Journal>
  /** The run that has no `end` record, with the records read so far; undefined when the last run is complete. A torn last line is dropped. */
  unfinished(): Promise<{ readonly run: string; readonly records: readonly JournalRecord[] } | undefined>
  /** Opens an existing journal to append to. */
  reopen(run: string): Promise<Journal>
}
