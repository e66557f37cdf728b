import type { ChangeRequest } from './change/request.ts'
import { isUnderWay } from './change/state.ts'
import type { Ending } from './ending.ts'
import type { ScreenId } from './screens.ts'
import type { Shortcut } from './shortcuts.ts'
import type { Outside, State, Surroundings } from './state.ts'

/** What keys and the palette do alike. All of it is pure. */

const READ_ONLY = 'Nothing can be changed here: the dashboard was opened with --read-only.'
const BUSY = 'A change is under way. The next one can begin when it is done.'

export function notice(state: State, text: string): State {
  return { ...state, overlay: undefined, notice: text }
}

export function toScreen(state: State, screen: ScreenId, about?: string): State {
  return { ...state, overlay: undefined, screen, about }
}

export function copy(state: State, text: string): State {
  const copied = { text, times: state.copied.times + 1 }
  return notice({ ...state, copied }, `Sent to the clipboard: ${text}`)
}

/** Opens the Change screen with the plan of a change. */
export function ask(state: State, request: ChangeRequest, { isReadOnly }: Surroundings): State {
  if (isReadOnly) return notice(state, READ_ONLY)
  if (isUnderWay(state.phase)) return notice(state, BUSY)
  return { ...toScreen(state, 'change'), asked: { request, times: state.asked.times + 1 } }
}

/** Lends the terminal to another program. */
export function outside(state: State, what: Outside, { isReadOnly }: Surroundings): State {
  if (isReadOnly && !what.reads) return notice(state, READ_ONLY)
  return { ...state, overlay: undefined, outside: { what, times: state.outside.times + 1 } }
}

export function start(state: State, shortcut: Shortcut, around: Surroundings): State {
  switch (shortcut.kind) {
    case 'change':
      return ask(state, shortcut.request, around)
    case 'screen':
      return toScreen(state, shortcut.screen)
    case 'shell':
      return outside(state, { words: ['exec', shortcut.service], reads: false, waits: false }, around)
    case 'make':
      return outside(state, { words: [shortcut.command], reads: false, waits: true }, around)
  }
}

/** Undoes what is under way. */
export function cancel(state: State): State {
  return { ...state, cancelled: state.cancelled + 1 }
}

/** Leaves; while something is under way it is asked first what is to become of it. */
export function quit(state: State): State {
  return leave(state, { kind: 'quit' })
}

/** The same in another way; what is not saved is asked about, too. */
export function leave(state: State, ending: Ending): State {
  if (isUnderWay(state.phase)) return { ...state, overlay: { kind: 'leave', row: 0 } }
  if (state.unsaved !== undefined) return { ...state, overlay: { kind: 'discard', row: 0, ending } }
  return { ...state, ending }
}
