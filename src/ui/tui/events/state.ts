import type { Activity } from '../../../core/actions/activity.ts'
import type { UpdateNotice } from '../../../core/actions/update-notice.ts'
import { type Edit, EMPTY, edit, insert, type Line } from '../../wizard/line.ts'
import { LOADING, type Loaded } from '../loaded.ts'
import { clean } from '../view/spans.ts'
import { type Happening, type HappeningKind, happeningOf, noticeHappening } from './happening.ts'

/** What `v` goes through. */
export const FILTERS = ['all', 'changes', 'failures', 'rollbacks', 'health', 'updates'] as const
export type Filter = 'all' | HappeningKind

/** What was read of an instance's past. */
export interface Past {
  /** Newest first. */
  readonly activities: readonly Activity[]
  readonly notice: UpdateNotice | null
}

export interface EventsState {
  readonly past: Loaded<Past>
  /** What was seen since the dashboard was opened, newest first. */
  readonly seen: readonly Happening[]
  /** A change is under way, and nobody has lost it. */
  readonly isUnderWay: boolean
  readonly filter: Filter
  /** What is searched for. */
  readonly query: Line
  readonly isTyping: boolean
  /** Undefined: the newest, whatever comes. */
  readonly cursor: string | undefined
  /** The details of what the cursor is on are open. */
  readonly isOpen: boolean
  /** Lines of the details above the screen. */
  readonly top: number
}

export const START: EventsState = {
  past: LOADING,
  seen: [],
  isUnderWay: false,
  filter: 'all',
  query: EMPTY,
  isTyping: false,
  cursor: undefined,
  isOpen: false,
  top: 0,
}

/** Of what was seen: the oldest go first. */
const KEPT = 500

export type EventsAction =
  | { readonly type: 'past'; readonly past: Loaded<Past> }
  | { readonly type: 'seen'; readonly happenings: readonly Happening[]; readonly isUnderWay: boolean }
  | { readonly type: 'move'; readonly steps: number }
  /** `reach`: how far the details can be scrolled. */
  | { readonly type: 'scroll'; readonly lines: number; readonly reach: number }
  | { readonly type: 'open' | 'close' | 'filter' | 'search' | 'submit' | 'cancel' }
  | { readonly type: 'edit'; readonly how: Edit }
  | { readonly type: 'text'; readonly text: string }

/** The screen after an action. Pure. */
export function reduceEvents(state: EventsState, action: EventsAction): EventsState {
  switch (action.type) {
    case 'past':
      return action.past.kind === 'failed' && state.past.kind === 'loaded' ? state : { ...state, past: action.past }
    case 'seen': {
      const { happenings, isUnderWay } = action
      if (happenings.length === 0) return isUnderWay === state.isUnderWay ? state : { ...state, isUnderWay }
      return { ...state, isUnderWay, seen: [...happenings.toReversed(), ...state.seen].slice(0, KEPT) }
    }
    case 'move':
      return moved(state, action.steps)
    case 'scroll':
      return { ...state, top: Math.min(Math.max(state.top + action.lines, 0), Math.max(0, action.reach)) }
    case 'open': {
      const chosen = chosenIn(state)
      return chosen === undefined ? state : { ...state, cursor: chosen.id, isOpen: true, top: 0 }
    }
    case 'close':
      return state.isOpen ? { ...state, isOpen: false } : { ...state, query: EMPTY, filter: 'all', cursor: undefined }
    case 'filter':
      return { ...state, filter: FILTERS[(FILTERS.indexOf(state.filter) + 1) % FILTERS.length] ?? 'all', isOpen: false }
    case 'search':
      return { ...state, isTyping: true, isOpen: false }
    case 'submit':
      return { ...state, isTyping: false }
    case 'cancel':
      return { ...state, isTyping: false, query: EMPTY }
    case 'edit':
      return { ...state, query: edit(state.query, action.how) }
    case 'text':
      return { ...state, query: insert(state.query, clean(action.text)) }
  }
}

function moved(state: EventsState, steps: number): EventsState {
  const shown = shownIn(state)
  const index =
    Math.max(
      0,
      shown.findIndex(({ id }) => id === state.cursor),
    ) + steps
  const next = Math.min(Math.max(index, 0), shown.length - 1)
  // At the top one sees what comes; with the details open they stay where they are.
  return { ...state, cursor: next <= 0 && !state.isOpen ? undefined : shown[next]?.id, top: 0 }
}

/** Everything that is known, newest first. */
export function happeningsIn({ past, seen, isUnderWay }: EventsState): readonly Happening[] {
  if (past.kind !== 'loaded') return seen
  const { activities, notice } = past.value
  const [newest] = activities
  const runs = activities.map((activity) => happeningOf(activity, isUnderWay && activity === newest))
  return [...seen, ...runs, ...(notice === null ? [] : [noticeHappening(notice)])].toSorted((a, b) =>
    b.at.localeCompare(a.at),
  )
}

/** Those that the filters let through. */
export function shownIn(state: EventsState): readonly Happening[] {
  const wanted = state.query.text.trim().toLowerCase()
  const { filter } = state
  return happeningsIn(state).filter(
    ({ kinds, what, text, by = '', activity }) =>
      (filter === 'all' || kinds.includes(filter)) &&
      (wanted === '' || [what, text, by, commandOf(activity)].join(' ').toLowerCase().includes(wanted)),
  )
}

/** What the cursor is on. */
export function chosenIn(state: EventsState): Happening | undefined {
  const shown = shownIn(state)
  return shown.find(({ id }) => id === state.cursor) ?? shown[0]
}

/** The command that did it; nothing where none is known. */
export function commandOf(activity: Activity | undefined): string {
  if (activity === undefined) return ''
  return activity.type === 'run' ? activity.command : activity.release.command
}
