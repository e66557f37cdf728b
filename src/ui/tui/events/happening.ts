import type { Activity, ReleaseActivity, RunActivity } from '../../../core/actions/activity.ts'
import type { UpdateNotice } from '../../../core/actions/update-notice.ts'
import { formatDuration } from '../../cli/format.ts'
import type { Glyph, Tone } from '../../cli/style.ts'

/** What an event can be looked for as; one that failed is what it was, too. */
export type HappeningKind = 'changes' | 'failures' | 'rollbacks' | 'health' | 'updates'

/** Something that happened, as one line. */
export interface Happening {
  /** The same whenever it is read again. */
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly kinds: readonly HappeningKind[]
  readonly sign: Glyph
  readonly tone: Tone
  /** One word: `deploy`, `health`. */
  readonly what: string
  readonly text: string
  readonly by?: string
  /** What there is to tell beyond the line. */
  readonly activity?: Activity
}

/** A run or a release as a line. `isUnderWay`: somebody works on the run that has no end yet. */
export function happeningOf(activity: Activity, isUnderWay: boolean): Happening {
  return activity.type === 'run' ? ofRun(activity, isUnderWay) : ofRelease(activity)
}

function ofRun(run: RunActivity, isUnderWay: boolean): Happening {
  const { at, action, by, result } = run
  return {
    id: run.run,
    at,
    kinds: [kindOf(action), ...(result === 'rolled-back' || result === 'rollback-failed' ? ['failures' as const] : [])],
    ...outcomeOf(run, isUnderWay),
    what: action,
    ...(by !== null && { by }),
    activity: run,
  }
}

function outcomeOf(run: RunActivity, isUnderWay: boolean): Pick<Happening, 'sign' | 'tone' | 'text'> {
  const { result, durationMs, cause } = run
  const why = cause === null ? '' : `: ${cause.message}`
  const time = durationMs === null ? '' : formatDuration(durationMs)
  switch (result) {
    case 'committed':
    case 'parked':
      return { sign: 'done', tone: 'good', text: `${reached(run)}in ${time}` }
    case 'rolled-back':
      return { sign: 'undone', tone: 'warn', text: `failed and was undone after ${time}${why}` }
    case 'rollback-failed':
      return { sign: 'failed', tone: 'bad', text: `failed, and could not be undone${why}` }
    case null:
      return isUnderWay
        ? { sign: 'partly', tone: 'warn', text: 'under way' }
        : { sign: 'warning', tone: 'warn', text: 'interrupted; the next change finishes or undoes it' }
  }
}

function reached({ release }: RunActivity): string {
  if (release === null) return ''
  const { id, version, of } = release
  return of === null ? `${version} as ${id} ` : `to ${of} (${version}) as ${id} `
}

function kindOf(action: string | undefined): HappeningKind {
  return action === 'rollback' ? 'rollbacks' : action === 'update' ? 'updates' : 'changes'
}

function ofRelease(activity: ReleaseActivity): Happening {
  const { id, version, of, action = 'deploy', deployedAt, deployedBy } = activity.release
  return {
    id,
    at: deployedAt,
    kinds: [kindOf(action)],
    sign: 'done',
    tone: 'good',
    what: action,
    text: of === undefined ? `${version} as ${id}` : `to ${of} (${version}) as ${id}`,
    by: deployedBy,
    activity,
  }
}

/** An update that a check has found. */
export function noticeHappening({ version, mandatory, checkedAt }: UpdateNotice): Happening {
  return {
    id: `update ${version}`,
    at: checkedAt,
    kinds: ['updates'],
    sign: 'hint',
    tone: 'note',
    what: 'update',
    text: `${version} is available${mandatory ? ', and mandatory' : ''}`,
  }
}
