import { toDdalabError } from '../errors.ts'
import { apply } from './apply.ts'
import { commit } from './commit.ts'
import type { EventSink } from './events.ts'
import { graphOf } from './graph.ts'
import type { JournalStore } from './journal.ts'
import type { Plan } from './plan.ts'
import { executeOf, openRun, type Run, type RunEnvironment, type RunReport, tryAppend, undoOf } from './run.ts'
import { rolledBack, type Stop } from './run-errors.ts'
import { undo } from './undo.ts'

export interface ExecuteOptions extends RunEnvironment {
  /** The id of the run, see `newRunId`. */
  readonly run: string
  /** The command as the user gave it, without secret values, for the journal. */
  readonly command: string
  /** The user's name, for the journal. */
  readonly by?: string
  readonly journals: JournalStore
  /** Aborted for a graceful stop: by Ctrl-C, or with a DdalabError as reason (TIMED_OUT), which then is the cause. */
  readonly signal?: AbortSignal
}

/**
 * Carries out a plan: apply, verdict, then commit, or the undo of all that was begun. The caller holds the lease, and has
 * let `recover` finish what an earlier process left. A plan without operations is committed at once and leaves no journal.
 *
 * Rejects only when nothing was begun: the plan is not sound (UNEXPECTED), or its journal cannot be written (DISK_FULL, ...).
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<RunReport> {
  const { run: id, sink, signal = new AbortController().signal } = options
  assertExecutable(plan, options)
  if (plan.operations.length === 0) {
    announce(sink, id, plan)
    sink.emit({ type: 'run.finished', run: id, result: 'committed', elapsedMs: 0 })
    return { run: id, result: 'committed' }
  }
  const journal = await options.journals.create(id)
  try {
    const run = openRun(id, plan, journal, options)
    const { command, by } = options
    const at = run.startedAt.toISOString()
    await journal.append({ type: 'begin', run: id, at, command, ...(by !== undefined && { by }), plan })
    announce(sink, id, plan)
    return await carryOut(run, signal)
  } finally {
    await journal.close()
  }
}

async function carryOut(run: Run, signal: AbortSignal): Promise<RunReport> {
  const { begun, stop = await decideToCommit(run) } = await apply(run, signal)
  if (stop === undefined) return commit(run, new Set(), signal)

  const cause = stop.cause.toData()
  await tryAppend(run, { type: 'verdict', verdict: 'undo', cause })
  run.sink.emit({ type: 'run.verdict', run: run.id, verdict: 'undo', cause })
  const report = await undo(run, begun, cause)
  return report.result === 'rolled-back' ? { ...report, error: rolledBack(stop) } : report
}

/** The point of no return. A verdict that cannot be written has not been given. */
async function decideToCommit(run: Run): Promise<Stop | undefined> {
  try {
    await run.journal.append({ type: 'verdict', verdict: 'commit' })
  } catch (thrown) {
    return { cause: toDdalabError(thrown), by: 'step' }
  }
  run.sink.emit({ type: 'run.verdict', run: run.id, verdict: 'commit' })
  return undefined
}

function assertExecutable(plan: Plan, { handlers }: RunEnvironment): void {
  graphOf(plan.operations)
  for (const operation of plan.operations) {
    executeOf(handlers, operation)
    if (operation.phase === 'apply') undoOf(handlers, operation)
  }
}

function announce(sink: EventSink, run: string, { action, instance, operations }: Plan): void {
  const steps = operations.map(({ id, kind, resource, effect, phase }) => ({ id, kind, resource, effect, phase }))
  sink.emit({ type: 'run.started', run, action, instance, operations: steps })
}
