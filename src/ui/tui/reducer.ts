import type { Event as KeyEvent } from '../wizard/events.ts'
import { ask, cancel, copy, leave, notice, outside, quit, start, toScreen } from './acts.ts'
import type { ChangeRequest } from './change/request.ts'
import { isUnderWay, type Phase } from './change/state.ts'
import type { Ending } from './ending.ts'
import type { Happening } from './events/index.ts'
import { record } from './history.ts'
import { isOfScreen } from './keymap/index.ts'
import { onCommand, onDiscard, onHelp, onLeave, onPalette, typed } from './overlay-keys.ts'
import { recordStates } from './pulse.ts'
import { SCREENS, type ScreenId, screenAfter } from './screens.ts'
import { shortcut } from './shortcuts.ts'
import type { Update } from './source.ts'
import { type Outside, PALETTE, type State, type Surroundings, screenCommand } from './state.ts'
import type { Hit } from './view/spans.ts'

/** What is typed, as the wizard has it: a key with a name, or text. */
export type Press = Extract<KeyEvent, { readonly type: 'key' | 'text' }>

/** Everything that can happen to the dashboard. */
export type Event =
  | Press
  | { readonly type: 'pasted'; readonly text: string }
  | { readonly type: 'updated'; readonly update: Update; readonly at: Date }
  | { readonly type: 'captured'; readonly isCaptured: boolean }
  | { readonly type: 'noticed'; readonly text: string }
  | { readonly type: 'asked'; readonly request: ChangeRequest }
  | { readonly type: 'outside'; readonly what: Outside }
  | { readonly type: 'phase'; readonly phase: Phase }
  | { readonly type: 'screen'; readonly id: ScreenId }
  | { readonly type: 'closed' }
  | { readonly type: 'left'; readonly ending: Ending }
  | { readonly type: 'unsaved'; readonly text: string | undefined }
  | { readonly type: 'clicked'; readonly on: Hit }
  | { readonly type: 'happened'; readonly happenings: readonly Happening[] }

/** The dashboard after an event. Pure. */
export function reduce(state: State, event: Event, around: Surroundings): State {
  switch (event.type) {
    case 'updated':
      return updated(state, event.update, event.at)
    case 'captured':
      return { ...state, isCaptured: event.isCaptured }
    case 'noticed':
      return { ...state, notice: event.text }
    case 'asked':
      return ask(state, event.request, around)
    case 'outside':
      return outside(state, event.what, around)
    case 'phase':
      return inPhase(state, event.phase)
    case 'screen':
      return toScreen(state, event.id)
    case 'closed':
      return { ...state, overlay: undefined }
    case 'left':
      return leave(state, event.ending)
    case 'unsaved':
      return { ...state, unsaved: event.text }
    case 'clicked':
      return clicked(state, event.on)
    case 'happened':
      return { ...state, happenings: event.happenings }
    case 'pasted':
      return state.overlay?.kind === 'palette' ? typed(state, state.overlay.line, event.text) : state
    case 'key':
    case 'text':
      return pressed(state.notice === undefined ? state : { ...state, notice: undefined }, event, around)
  }
}

/** Whoever wanted to leave during a change leaves when it has ended. */
function inPhase(state: State, phase: Phase): State {
  const isOver = isUnderWay(state.phase) && !isUnderWay(phase)
  if (!isOver) return { ...state, phase }
  const { leaving } = state
  const over = { ...state, phase, leaving: undefined, ...(state.overlay?.kind === 'leave' && { overlay: undefined }) }
  // The plan no longer held, nothing was done, and the new one waits for a person.
  if (leaving === undefined || phase === 'planning') return over
  return leave(over, { kind: 'quit', leaving })
}

function updated(state: State, update: Update, now: Date): State {
  switch (update.type) {
    case 'snapshot': {
      const { snapshot } = update
      const { services } = snapshot.status
      const names = services.map(({ name }) => name)
      const pulse = recordStates(state.pulse, services, now)
      const { selected = names[0] } = state
      const isThere = selected !== undefined && names.includes(selected)
      return { ...state, now, snapshot, pulse, connection: { kind: 'live' }, selected: isThere ? selected : names[0] }
    }
    case 'stats':
      return { ...state, now, history: record(state.history, update.stats, now) }
    case 'lost': {
      const { code, message, hint } = update
      return { ...state, now, connection: { kind: 'lost', code, message, hint } }
    }
  }
}

function pressed(state: State, press: Press, around: Surroundings): State {
  const { overlay } = state
  const isLeaving = overlay?.kind === 'leave' || overlay?.kind === 'discard'
  if (press.type === 'key' && press.key === 'interrupt' && !isLeaving) return interrupted(state)
  switch (overlay?.kind) {
    case 'help':
      return onHelp(state, overlay, press)
    case 'command':
      return onCommand(state, overlay, press, around)
    case 'leave':
      return onLeave(state, overlay, press)
    case 'discard':
      return onDiscard(state, overlay, press)
    case 'menu':
      return state
    case 'palette':
      return onPalette(state, overlay, press, around)
    case undefined:
      if (state.isCaptured || isTakenByScreen(state, press, around)) return state
      return press.type === 'text' ? onText(state, press.text, around) : onKey(state, press.key)
  }
}

/** Ctrl-C ends what one looks at: the change on its screen, the dashboard elsewhere. */
function interrupted(state: State): State {
  const { screen, overlay, phase } = state
  return screen === 'change' && overlay === undefined && phase === 'running' ? cancel(state) : quit(state)
}

function onText(state: State, text: string, around: Surroundings): State {
  const screen = SCREENS[Number(text) - 1]
  if (screen !== undefined) return toScreen(state, screen.id)
  switch (text) {
    case 'q':
      return quit(state)
    case '?':
      return { ...state, overlay: { kind: 'help', top: 0 } }
    case 'm':
      return around.ownScreens.has('menu') ? { ...state, overlay: { kind: 'menu' } } : state
    case 'M':
      return mouse(state)
    case ':':
      return { ...state, overlay: PALETTE }
    case 'Y':
      return copy(state, screenCommand(state, around))
    case 'y':
      return copy(state, screenCommand(state, around))
    case 'j':
      return select(state, 1)
    case 'k':
      return select(state, -1)
    case 'z':
      return state.screen === 'overview' ? { ...state, isZoomed: !state.isZoomed } : state
    default: {
      const meant = shortcut(state, text)
      return meant === undefined ? state : start(state, meant, around)
    }
  }
}

function onKey(state: State, key: Extract<Press, { type: 'key' }>['key']): State {
  switch (key) {
    case 'tab':
    case 'backTab':
      // There it goes from Cancel to Go ahead.
      if (state.screen === 'change' && state.phase === 'planned') return state
      return toScreen(state, screenAfter(state.screen, key === 'tab' ? 1 : -1))
    case 'down':
      return select(state, 1)
    case 'up':
      return select(state, -1)
    case 'home':
      return select(state, Number.NEGATIVE_INFINITY)
    case 'end':
      return select(state, Number.POSITIVE_INFINITY)
    case 'enter':
      return state.screen === 'overview' ? toScreen(state, 'logs', state.selected) : state
    default:
      return state
  }
}

/** A screen that reads keys itself has another meaning for this one. */
function isTakenByScreen({ screen }: State, press: Press, { ownScreens }: Surroundings): boolean {
  return ownScreens.has(screen) && isOfScreen(press, screen)
}

function mouse(state: State): State {
  const hasMouse = !state.hasMouse
  const told = hasMouse
    ? 'The mouse selects and scrolls; the terminal selects text with Shift.'
    : 'The mouse is left to the terminal: it selects text.'
  return notice({ ...state, hasMouse }, told)
}

function clicked(state: State, on: Hit): State {
  if (state.overlay !== undefined || state.isCaptured) return state
  return on.kind === 'screen' ? toScreen(state, on.id) : { ...state, selected: on.name }
}

/** Moves the cursor over the services, where they are shown. */
function select(state: State, steps: number): State {
  const names = state.snapshot?.status.services.map(({ name }) => name) ?? []
  if (state.screen !== 'overview' || names.length === 0) return state
  const index = names.indexOf(state.selected ?? '') + steps
  return { ...state, selected: names[Math.min(Math.max(index, 0), names.length - 1)] }
}
