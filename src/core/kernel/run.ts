import { DdalabError } from '../errors.ts'
import type { EventSink, RunResult } from './events.ts'
import { type Graph, graphOf, type Visit } from './graph.ts'
import type { Handlers, OperationContext, OperationHandler } from './handler.ts'
import type { Journal, JournalRecord } from './journal.ts'
import type { Operation, OperationId, Plan } from './plan.ts'

/** What both the executor and the recovery are given. */
export interface RunEnvironment {
  readonly handlers: Handlers
  readonly sink: EventSink
  readonly now: () => Date
  /** How many operations may be under way at once; many when not given, for most of them wait for something. */
  readonly concurrency?: number
}

/** One run in progress: the plan, where it is written down, and who carries it out. */
export interface Run extends Required<RunEnvironment> {
  readonly id: string
  readonly operations: ReadonlyMap<OperationId, Operation>
  readonly graph: Graph
  readonly journal: Journal
  readonly startedAt: Date
}

/** How a run ended, and why when it is not as wanted. */
export interface RunReport {
  readonly run: string
  readonly result: RunResult
  /** For a run that was rolled back, its cause. The exit code tells the state of the system: 5, 6, 130, ... */
  readonly error?: DdalabError
}

/** A run id that sorts by time and is fit for a file name: `2026-11-21T08-47-00Z-3f9a1c2e`. */
export function newRunId(now: Date, uuid: string): string {
  const second = now.toISOString().slice(0, 19).replaceAll(':', '-')
  return `${second}Z-${uuid.replaceAll('-', '').slice(0, 8)}`
}

/** Throws UNEXPECTED when the plan is not sound. */
export function openRun(id: string, plan: Plan, journal: Journal, environment: RunEnvironment): Run {
  const { handlers, sink, now, concurrency = 64 } = environment
  const operations = new Map(plan.operations.map((operation) => [operation.id, operation]))
  const graph = graphOf(plan.operations)
  return { id, operations, graph, journal, handlers, sink, now, concurrency, startedAt: now() }
}

export function operationOf(run: Run, id: OperationId): Operation {
  const operation = run.operations.get(id)
  if (operation === undefined) throw new DdalabError('UNEXPECTED', `operation ${id} is not in the plan`)
  return operation
}

/** Throws UNEXPECTED for an operation that nobody here can carry out. */
export function executeOf(handlers: Handlers, operation: Operation): OperationHandler['execute'] {
  const handler = Object.hasOwn(handlers, operation.kind) ? handlers[operation.kind] : undefined
  if (handler === undefined) throw unknownKind(operation, 'do')
  return handler.execute.bind(handler)
}

/** Throws UNEXPECTED for an operation that nobody here can take back: a step without `undo` has no place before the verdict. */
export function undoOf(handlers: Handlers, operation: Operation): NonNullable<OperationHandler['undo']> {
  const handler = Object.hasOwn(handlers, operation.kind) ? handlers[operation.kind] : undefined
  if (handler?.undo === undefined) throw unknownKind(operation, 'undo')
  return handler.undo.bind(handler)
}

function unknownKind(operation: Operation, what: 'do' | 'undo'): DdalabError {
  return new DdalabError('UNEXPECTED', `${operation.resource}: nothing here knows how to ${what} "${operation.kind}"`, {
    hint: 'If another version of ddalab began this run, let that version finish it.',
  })
}

export function contextOf(run: Run, { id, urgency }: Visit, signal: AbortSignal): OperationContext {
  return {
    run: run.id,
    signal,
    urgency,
    progress: (progress) => run.sink.emit({ type: 'operation.progress', operation: id, progress }),
  }
}

/**
 * Writes a line that nothing depends on. A journal that cannot be written stops what is new, never an undo: the lines that
 * are missing make recovery do idempotent work once more, and nothing else.
 */
export async function tryAppend(run: Run, record: JournalRecord): Promise<boolean> {
  try {
    await run.journal.append(record)
    return true
  } catch {
    return false
  }
}

/** Closes the books of a run that has come to an end. */
export async function endRun(run: Run, result: RunResult): Promise<void> {
  const at = run.now()
  if (!(await tryAppend(run, { type: 'end', result, at: at.toISOString() }))) {
    const message = 'the end of this run could not be written to its journal: the next command will check it once more'
    run.sink.emit({ type: 'notice', level: 'warning', message })
  }
  announceEnd(run, result, at)
}

export function announceEnd(run: Run, result: RunResult, at: Date): void {
  const elapsedMs = at.getTime() - run.startedAt.getTime()
  run.sink.emit({ type: 'run.finished', run: run.id, result, elapsedMs })
}
