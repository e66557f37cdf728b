import type { ErrorData } from '../errors.ts'
import type { RunResult } from '../kernel/events.ts'
import { type JournalRecord, type OperationId, readHistory } from '../kernel/index.ts'
import { RELEASE_RECORD, type Release, releaseStore } from '../release/index.ts'
import { type KeptJournal, keptJournals } from '../state/index.ts'
import { locateInstance, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

/** What became of one step of a run. */
export interface ActivityStep {
  readonly id: OperationId
  readonly resource: string
  readonly effect: string
  readonly state: 'waiting' | 'begun' | 'done' | 'failed' | 'undone' | 'not undone'
}

/** A run, as its journal tells it. */
export interface RunActivity {
  readonly type: 'run'
  readonly run: string
  /** ISO 8601. */
  readonly at: string
  /** `deploy`, `rollback`, `backup`. */
  readonly action: string
  readonly command: string
  /** Null in journals of earlier programs. */
  readonly by: string | null
  /** Null while it is under way, or interrupted. */
  readonly result: RunResult | null
  /** ms; null while there is no end. */
  readonly durationMs: number | null
  /** What it recorded, where it did. */
  readonly release: { readonly id: string; readonly version: string; readonly of: string | null } | null
  /** Why it was undone. */
  readonly cause: ErrorData | null
  /** All that went wrong in it, by resource, the undo included. */
  readonly failures: readonly { readonly resource: string; readonly error: ErrorData }[]
  readonly steps: readonly ActivityStep[]
}

/** A release whose run is no longer in any journal. */
export interface ReleaseActivity {
  readonly type: 'release'
  readonly at: string
  readonly release: Release
}

export type Activity = RunActivity | ReleaseActivity

/** What has happened to an instance, and what to hand to the next reading so that it reads only what is new. */
export interface ActivityHistory {
  /** Newest first. */
  readonly activities: readonly Activity[]
  readonly journals: ReadonlyMap<string, KeptJournal>
}

/** What was done to an instance, from its journals and releases. Asks no engine. Errors: FILE_NOT_READABLE. */
export async function activityHistory(
  world: World,
  target: Target,
  before?: ActivityHistory,
): Promise<ActivityHistory> {
  const { paths } = locateInstance(world, target)
  // Its secrets are masked in what others wrote into an error.
  if (before === undefined) await openInstance(world, target).catch(() => undefined)
  const journals = await keptJournals(paths.journal, before?.journals)
  if (before !== undefined && isSame(before.journals, journals)) return before
  const releases = await releaseStore(paths.releases).list()
  return { journals, activities: activitiesOf([...journals.values()], releases) }
}

/** No release comes without a run. */
function isSame(before: ActivityHistory['journals'], now: ActivityHistory['journals']): boolean {
  return before.size === now.size && [...now].every(([name, journal]) => before.get(name) === journal)
}

/** Runs, and the releases that no run tells of; newest first. Pure. */
export function activitiesOf(journals: readonly KeptJournal[], releases: readonly Release[]): readonly Activity[] {
  const runs = journals.map(({ records }) => runActivity(records)).filter((run) => run !== undefined)
  const recorded = new Set(runs.map(({ release }) => release?.id))
  const others = releases
    .filter(({ id }) => !recorded.has(id))
    .map((release): ReleaseActivity => ({ type: 'release', at: release.deployedAt, release }))
  return [...runs, ...others].toSorted((a, b) => b.at.localeCompare(a.at))
}

/** The run of a journal; undefined when it died before its first line was written. Pure. */
export function runActivity(records: readonly JournalRecord[]): RunActivity | undefined {
  const history = readHistory(records)
  const [begin] = records
  if (history === undefined || begin?.type !== 'begin') return undefined
  const { run, command, startedAt: at, plan, result = null, cause = null } = history
  const end = records.findLast((record) => record.type === 'end')
  const record = plan.operations.find(({ kind }) => kind === RELEASE_RECORD)
  const resources = new Map(plan.operations.map(({ id, resource }) => [id, resource]))
  const failures = records.flatMap((line) =>
    line.type === 'failed' || line.type === 'undo-failed'
      ? [{ resource: resources.get(line.operation) ?? line.operation, error: line.error }]
      : [],
  )
  return {
    type: 'run',
    ...{ run, at, action: plan.action, command, by: begin.by ?? null, result, cause, failures },
    durationMs: result === null || end === undefined ? null : Date.parse(end.at) - Date.parse(at),
    release: record !== undefined && history.done.has(record.id) ? releaseOf(record.input) : null,
    steps: plan.operations.map(({ id, resource, effect }) => ({ id, resource, effect, state: stateOf(id, records) })),
  }
}

function releaseOf({ id, version, of }: { readonly [key: string]: unknown }): RunActivity['release'] {
  return { id: String(id), version: String(version), of: typeof of === 'string' ? of : null }
}

const STATES: { readonly [type in JournalRecord['type']]?: ActivityStep['state'] } = {
  intent: 'begun',
  done: 'done',
  failed: 'failed',
  undone: 'undone',
  'undo-failed': 'not undone',
}

/** By the last line about it. */
function stateOf(id: OperationId, records: readonly JournalRecord[]): ActivityStep['state'] {
  const last = records.findLast(
    (record) => 'operation' in record && record.operation === id && STATES[record.type] !== undefined,
  )
  return (last && STATES[last.type]) ?? 'waiting'
}
