import { commit } from './commit.ts'
import { readHistory } from './history.ts'
import type { JournalStore } from './journal.ts'
import { openRun, type RunEnvironment, type RunReport, tryAppend } from './run.ts'
import { undo } from './undo.ts'

export interface RecoverOptions extends RunEnvironment {
  readonly journals: JournalStore
  /** Aborted for a graceful stop: commit steps are left for the next command; an undo goes on to its end. */
  readonly signal?: AbortSignal
}

/**
 * Finishes the run that an earlier process left: forwards when its verdict was `commit`, otherwise back. Every command that
 * changes something calls it first, with the lease held. Resolves to undefined when there is nothing to recover; a report
 * with an `error` means that the command must not go on.
 *
 * Its own steps go into the same journal, so that a recovery that dies is recovered in turn. A run that ended as
 * `rollback-failed` is taken up again as well: what stood in the way may be gone now (a full disk, an engine that was down, a
 * repair by hand), and until it is, nothing may be built on a state that is neither old nor new.
 */
export async function recover(options: RecoverOptions): Promise<RunReport | undefined> {
  const { journals, sink, now, signal = new AbortController().signal } = options
  const unfinished = await journals.unfinished()
  if (unfinished === undefined) return undefined
  const { run: id, records } = unfinished

  const journal = await journals.reopen(id)
  try {
    const history = readHistory(records)
    if (history === undefined) {
      // It died before its first line was on disk, so before it did anything.
      await journal.append({ type: 'end', result: 'rolled-back', at: now().toISOString() })
      return undefined
    }
    const { verdict = 'undo', startedAt } = history
    const run = openRun(id, history.plan, journal, options)
    sink.emit({ type: 'run.recovering', run: id, verdict, startedAt })
    if (verdict === 'commit') return await commit(run, history.done, signal)

    if (history.verdict === undefined) await tryAppend(run, { type: 'verdict', verdict })
    return await undo(run, history.begun, history.cause)
  } finally {
    await journal.close()
  }
}
