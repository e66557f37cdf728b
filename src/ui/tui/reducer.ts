import type { Event as KeyEvent } from '../wizard/events.ts'
import { edit, insert, isEdit, type Line } from '../wizard/line.ts'
import type { ChangeRequest } from './change/request.ts'
import type { Ending } from './ending.ts'
import { record } from './history.ts'
import { SCREENS, type ScreenId, screenAfter } from './screens.ts'
import type { Update } from './source.ts'
import { type Overlay, offered, PALETTE, type State, type Surroundings, screenCommand } from './state.ts'

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
  | { readonly type: 'screen'; readonly id: ScreenId }
  | { readonly type: 'closed' }
  | { readonly type: 'left'; readonly ending: Ending }

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
    case 'screen':
      return { ...state, overlay: undefined, screen: event.id, about: undefined }
    case 'closed':
      return { ...state, overlay: undefined }
    case 'left':
      return { ...state, ending: event.ending }
    case 'pasted':
      return state.overlay?.kind === 'palette' ? typed(state, state.overlay.line, event.text) : state
    case 'key':
    case 'text':
      return pressed(state.notice === undefined ? state : { ...state, notice: undefined }, event, around)
  }
}

/** Opens the Change screen with the plan of a change. */
function ask(state: State, request: ChangeRequest, { isReadOnly }: Surroundings): State {
  if (isReadOnly) return { ...state, notice: 'Nothing can be changed here: the dashboard was opened with --read-only.' }
  return { ...state, overlay: undefined, screen: 'change', asked: { request, times: state.asked.times + 1 } }
}

function updated(state: State, update: Update, now: Date): State {
  switch (update.type) {
    case 'snapshot': {
      const { snapshot } = update
      const names = snapshot.status.services.map(({ name }) => name)
      const { selected = names[0] } = state
      const isThere = selected !== undefined && names.includes(selected)
      return { ...state, now, snapshot, connection: { kind: 'live' }, selected: isThere ? selected : names[0] }
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
  if (press.type === 'key' && press.key === 'interrupt') return { ...state, ending: { kind: 'quit' } }
  switch (state.overlay?.kind) {
    case 'help':
      return isClosing(press, '?') ? { ...state, overlay: undefined } : state
    case 'command':
      if (press.type === 'text' && press.text === 'y') return copy(state, state.overlay.command)
      return isClosing(press) ? { ...state, overlay: undefined } : state
    case 'menu':
      return state
    case 'palette':
      return onPalette(state, state.overlay, press, around)
    case undefined:
      if (state.isCaptured) return state
      return press.type === 'text' ? onText(state, press.text, around) : onKey(state, press.key)
  }
}

function isClosing(press: Press, also = ''): boolean {
  if (press.type === 'key') return press.key === 'escape' || press.key === 'enter'
  return press.text === 'q' || press.text === also
}

function onText(state: State, text: string, around: Surroundings): State {
  const screen = SCREENS[Number(text) - 1]
  if (screen !== undefined) return { ...state, screen: screen.id, about: undefined }
  switch (text) {
    case 'q':
      return { ...state, ending: { kind: 'quit' } }
    case '?':
      return { ...state, overlay: { kind: 'help' } }
    case 'm':
      // The logs have marks there.
      return around.ownScreens.has('menu') && state.screen !== 'logs' ? { ...state, overlay: { kind: 'menu' } } : state
    case ':':
      return { ...state, overlay: PALETTE }
    case 'Y':
      return copy(state, screenCommand(state, around))
    case 'y':
      return around.ownScreens.has(state.screen) ? state : copy(state, screenCommand(state, around))
    case 'j':
      return select(state, 1)
    case 'k':
      return select(state, -1)
    default:
      return state
  }
}

function onKey(state: State, key: Extract<Press, { type: 'key' }>['key']): State {
  switch (key) {
    case 'tab':
      return { ...state, screen: screenAfter(state.screen, 1), about: undefined }
    case 'backTab':
      return { ...state, screen: screenAfter(state.screen, -1), about: undefined }
    case 'down':
      return select(state, 1)
    case 'up':
      return select(state, -1)
    case 'home':
      return select(state, Number.NEGATIVE_INFINITY)
    case 'end':
      return select(state, Number.POSITIVE_INFINITY)
    case 'enter':
      return state.screen === 'overview' ? { ...state, screen: 'logs', about: state.selected } : state
    default:
      return state
  }
}

/** Moves the cursor over the services, where they are shown. */
function select(state: State, steps: number): State {
  const names = state.snapshot?.status.services.map(({ name }) => name) ?? []
  if (state.screen !== 'overview' || names.length === 0) return state
  const index = names.indexOf(state.selected ?? '') + steps
  return { ...state, selected: names[Math.min(Math.max(index, 0), names.length - 1)] }
}

function copy(state: State, text: string): State {
  return {
    ...state,
    overlay: undefined,
    copied: { text, times: state.copied.times + 1 },
    notice: `Sent to the clipboard: ${text}`,
  }
}

type Palette = Extract<Overlay, { kind: 'palette' }>

const PAGE = 10

function onPalette(state: State, palette: Palette, press: Press, around: Surroundings): State {
  const { line, row } = palette
  if (press.type === 'text') return typed(state, line, press.text)
  const found = offered(line, around)
  const to = (next: number): State => ({
    ...state,
    overlay: { ...palette, row: Math.min(Math.max(next, 0), Math.max(0, found.length - 1)) },
  })
  switch (press.key) {
    case 'escape':
      return { ...state, overlay: undefined }
    case 'up':
    case 'backTab':
      return to(row - 1)
    case 'down':
    case 'tab':
      return to(row + 1)
    case 'pageUp':
      return to(row - PAGE)
    case 'pageDown':
      return to(row + PAGE)
    case 'enter': {
      const entry = found[row]
      if (entry === undefined) return state
      return { ...state, overlay: { kind: 'command', entry, command: around.commandLine(entry.usage) } }
    }
    default:
      if (!isEdit(press.key)) return state
      // There is nothing left to take away: whoever goes on deleting wants to leave.
      if (press.key === 'backspace' && line.text === '') return { ...state, overlay: undefined }
      return { ...state, overlay: { ...palette, line: edit(line, press.key), row: 0 } }
  }
}

function typed(state: State, line: Line, text: string): State {
  const oneLine = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ')
  return { ...state, overlay: { kind: 'palette', line: insert(line, oneLine), row: 0 } }
}
