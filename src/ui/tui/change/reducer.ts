import type { StampedEvent } from '../../../core/kernel/events.ts'
import { NO_RUN, nextState } from '../../cli/progress/run-state.ts'
import { EMPTY, edit, insert, isEdit } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'
import type { Ended, Planned } from './changer.ts'
import type { ChangeRequest } from './request.ts'
import { type ChangeState, isUnderWay, type PlannedStage, phaseOf, type Stage } from './state.ts'

/** Everything that can happen to a change. */
export type ChangeEvent =
  | { readonly type: 'asked'; readonly request: ChangeRequest }
  | { readonly type: 'planned'; readonly planned: Planned }
  | { readonly type: 'told'; readonly event: StampedEvent }
  | { readonly type: 'cancelled' }
  /** `at`: ms since the epoch. */
  | { readonly type: 'ended'; readonly end: Ended; readonly at: number }
  /** `view`: where the lines that are shown begin, how far they can be scrolled, and how many are in sight. `at` as above. */
  | { readonly type: 'pressed'; readonly press: Press; readonly view: View; readonly at: number }
  | { readonly type: 'pasted'; readonly text: string }

export interface View {
  readonly top: number
  readonly reach: number
  readonly rows: number
}

/** What is to be done outside. */
export type ChangeEffect =
  | { readonly type: 'plan'; readonly request: ChangeRequest }
  | { readonly type: 'run'; readonly request: ChangeRequest; readonly fingerprint: string }
  /** Planning is given up, or what runs is undone. */
  | { readonly type: 'abort' }

export interface Reduced {
  readonly state: ChangeState
  readonly effects: readonly ChangeEffect[]
}

const only = (state: ChangeState): Reduced => ({ state, effects: [] })

/** The change after an event. Pure. */
export function reduceChange(state: ChangeState, event: ChangeEvent): Reduced {
  const { stage } = state
  switch (event.type) {
    case 'asked':
      return isUnderWay(phaseOf(state)) ? only(state) : plan(state, event.request)
    case 'planned':
      return stage.kind === 'planning' ? only(show(state, planned(stage, event.planned))) : only(state)
    case 'told':
      return stage.kind === 'running'
        ? only({ ...state, stage: { ...stage, run: nextState(stage.run, event.event) } })
        : only(state)
    case 'cancelled':
      return cancel(state)
    case 'ended':
      return ended(state, event.end, event.at)
    case 'pasted':
      return only(
        stage.kind === 'planned' && stage.proposal.loss !== null ? named(state, stage, event.text.trim()) : state,
      )
    case 'pressed':
      return pressed(state, event)
  }
}

function plan(state: ChangeState, request: ChangeRequest, isStale = false): Reduced {
  const effects: readonly ChangeEffect[] = [{ type: 'plan', request }]
  return { state: show(state, { kind: 'planning', request, isStale }), effects }
}

/** Another stage is seen from its beginning. */
function show(state: ChangeState, stage: Stage): ChangeState {
  return { ...state, stage, top: undefined }
}

function planned({ request, isStale }: Extract<Stage, { kind: 'planning' }>, found: Planned): Stage {
  if (found.kind !== 'proposal') return { ...found, request }
  const { proposal } = found
  return { kind: 'planned', request, proposal, isStale, focus: 'cancel', name: EMPTY, isWrongName: false }
}

function cancel(state: ChangeState): Reduced {
  const { stage } = state
  switch (stage.kind) {
    case 'running':
      return stage.isCancelled
        ? only(state)
        : { state: { ...state, stage: { ...stage, isCancelled: true } }, effects: [{ type: 'abort' }] }
    case 'planning':
      return { state: show(state, state.last ?? { kind: 'idle' }), effects: [{ type: 'abort' }] }
    case 'planned':
    case 'refused':
    case 'nothing':
      return only(show(state, state.last ?? { kind: 'idle' }))
    case 'idle':
    case 'ended':
      return only(state)
  }
}

function ended(state: ChangeState, end: Ended, at: number): Reduced {
  const { stage } = state
  if (stage.kind !== 'running') return only(state)
  const { request, run, startedAt, isCancelled } = stage
  // Nothing was done: what would be done now is shown instead (rule 43).
  if (end.kind === 'failed' && end.error.code === 'PLAN_STALE' && !isCancelled) return plan(state, request, true)
  const last = { kind: 'ended', request, run, end, elapsedMs: at - startedAt, isCancelled } as const
  return only({ ...show(state, last), last })
}

type Pressed = Extract<ChangeEvent, { readonly type: 'pressed' }>

function pressed(state: ChangeState, { press, view, at }: Pressed): Reduced {
  const { stage } = state
  if (press.type === 'key' && press.key === 'escape' && stage.kind !== 'running') return cancel(state)
  if (press.type === 'text' && press.text === 'c' && (stage.kind === 'running' || stage.kind === 'planning'))
    return cancel(state)
  if (press.type === 'text' && press.text === 'f') return only({ ...state, top: undefined })
  if (stage.kind === 'planned') {
    const done = onPlan(state, stage, press, at)
    if (done !== undefined) return done
  }
  if (press.type === 'key' && press.key === 'enter' && isWorthAgain(stage)) return plan(state, stage.request)
  return only(scrolled(state, press, view))
}

/** What did not work can be tried again. */
function isWorthAgain(stage: Stage): stage is Extract<Stage, { kind: 'refused' | 'ended' }> {
  return stage.kind === 'refused' || (stage.kind === 'ended' && stage.end.kind === 'failed')
}

/** What a key does to the question; undefined: it is not about that. */
function onPlan(state: ChangeState, stage: PlannedStage, press: Press, at: number): Reduced | undefined {
  const isNaming = stage.proposal.loss !== null
  if (press.type === 'text') {
    if (isNaming) return only(named(state, stage, press.text))
    return press.text === 'h' || press.text === 'l' ? only(turned(state, stage)) : undefined
  }
  switch (press.key) {
    case 'left':
    case 'right':
    case 'tab':
    case 'backTab':
      return only(turned(state, stage))
    case 'enter':
      return stage.focus === 'cancel' ? cancel(state) : go(state, stage, at)
    case 'home':
    case 'end':
      return undefined
    default:
      return isNaming && isEdit(press.key)
        ? only({ ...state, stage: { ...stage, name: edit(stage.name, press.key), isWrongName: false } })
        : undefined
  }
}

function turned(state: ChangeState, stage: PlannedStage): ChangeState {
  return { ...state, stage: { ...stage, focus: stage.focus === 'cancel' ? 'go' : 'cancel' } }
}

function named(state: ChangeState, stage: PlannedStage, text: string): ChangeState {
  const typed = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, '')
  return { ...state, stage: { ...stage, name: insert(stage.name, typed), isWrongName: false } }
}

function go(state: ChangeState, stage: PlannedStage, at: number): Reduced {
  const { request, proposal, name } = stage
  const { instance, fingerprint } = proposal.plan
  if (proposal.loss !== null && name.text.trim() !== instance)
    return only({ ...state, stage: { ...stage, isWrongName: true } })
  return {
    state: show(state, { kind: 'running', request, proposal, run: NO_RUN, startedAt: at, isCancelled: false }),
    effects: [{ type: 'run', request, fingerprint }],
  }
}

function scrolled(state: ChangeState, press: Press, { top, reach, rows }: View): ChangeState {
  const steps = press.type === 'text' ? LETTERS[press.text] : KEYS[press.key]
  if (steps === undefined) return state
  const next = top + (Number.isFinite(steps) ? Math.round(steps * (Math.abs(steps) === 1 ? 1 : rows)) : steps)
  return { ...state, top: Math.max(0, Math.min(reach, next)) }
}

/** Lines; what is no whole number is a part of what is in sight. */
const LETTERS: { readonly [text: string]: number } = { j: 1, k: -1 }
const PAGE = 0.9
const KEYS: { readonly [key: string]: number } = {
  ...{ down: 1, up: -1, pageDown: PAGE, pageUp: -PAGE },
  ...{ home: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY },
}
