import { edit, insert, isEdit, type Line } from '../wizard/line.ts'
import { ask, cancel, copy, outside, toScreen } from './acts.ts'
import { deedOf } from './deeds.ts'
import { helpLength } from './help.ts'
import { DISCARD_CHOICES, leaveChoices } from './leave.ts'
import type { PaletteEntry } from './palette.ts'
import type { Press } from './reducer.ts'
import { type Overlay, offered, type State, type Surroundings } from './state.ts'

type Of<K extends Overlay['kind']> = Extract<Overlay, { readonly kind: K }>

const closed = (state: State): State => ({ ...state, overlay: undefined })

function isClosing(press: Press, also = ''): boolean {
  if (press.type === 'key') return press.key === 'escape' || press.key === 'enter'
  return press.text === 'q' || press.text === also
}

export function onHelp(state: State, { top }: Of<'help'>, press: Press): State {
  if (isClosing(press, '?')) return closed(state)
  const key = press.type === 'text' ? press.text : press.key
  const to = (next: number): State => ({ ...state, overlay: { kind: 'help', top: Math.max(0, next) } })
  if (key === 'j' || key === 'down') return to(Math.min(top + 1, helpLength(state.screen) - 1))
  return key === 'k' || key === 'up' ? to(top - 1) : state
}

export function onCommand(state: State, { entry, command }: Of<'command'>, press: Press, around: Surroundings): State {
  if (press.type === 'text' && press.text === 'y') return copy(state, command)
  const deed = deedOf(entry.words)
  if (press.type === 'key' && press.key === 'enter' && deed.kind === 'run')
    return outside(state, { words: entry.words.split(' '), reads: deed.reads, waits: true }, around)
  return isClosing(press) ? closed(state) : state
}

/** What becomes of a change when the dashboard is left. */
export function onLeave(state: State, { row }: Of<'leave'>, press: Press): State {
  const choices = leaveChoices(state.phase)
  const to = (next: number): State => ({
    ...state,
    overlay: { kind: 'leave', row: Math.min(Math.max(next, 0), choices.length - 1) },
  })
  if (press.type === 'text') return press.text === 'j' ? to(row + 1) : press.text === 'k' ? to(row - 1) : state
  switch (press.key) {
    case 'escape':
      return { ...closed(state), leaving: undefined }
    case 'down':
    case 'tab':
      return to(row + 1)
    case 'up':
    case 'backTab':
      return to(row - 1)
    case 'interrupt':
      return { ...cancel(closed(state)), leaving: 'undone' }
    case 'enter': {
      const { leaving, undoes } = choices[row] ?? { leaving: undefined, undoes: false }
      const left = { ...closed(state), leaving }
      return undoes ? cancel(left) : left
    }
    default:
      return state
  }
}

/** What becomes of drafts when the dashboard is left. */
export function onDiscard(state: State, overlay: Of<'discard'>, press: Press): State {
  const { row, ending } = overlay
  const to = (next: number): State => ({
    ...state,
    overlay: { ...overlay, row: Math.min(Math.max(next, 0), DISCARD_CHOICES.length - 1) },
  })
  if (press.type === 'text') return press.text === 'j' ? to(row + 1) : press.text === 'k' ? to(row - 1) : state
  switch (press.key) {
    case 'escape':
      return closed(state)
    case 'down':
    case 'tab':
      return to(row + 1)
    case 'up':
    case 'backTab':
      return to(row - 1)
    case 'interrupt':
      return { ...closed(state), ending }
    case 'enter':
      if (row === 0) return closed(state)
      return row === 1 ? toScreen(state, 'config') : { ...closed(state), ending }
    default:
      return state
  }
}

const PAGE = 10

export function onPalette(state: State, palette: Of<'palette'>, press: Press, around: Surroundings): State {
  const { line, row } = palette
  if (press.type === 'text') return typed(state, line, press.text)
  const found = offered(line, around)
  const to = (next: number): State => ({
    ...state,
    overlay: { ...palette, row: Math.min(Math.max(next, 0), Math.max(0, found.length - 1)) },
  })
  switch (press.key) {
    case 'escape':
      return closed(state)
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
      return entry === undefined ? state : chosen(state, entry, around)
    }
    default:
      if (!isEdit(press.key)) return state
      // There is nothing left to take away: whoever goes on deleting wants to leave.
      if (press.key === 'backspace' && line.text === '') return closed(state)
      return { ...state, overlay: { ...palette, line: edit(line, press.key), row: 0 } }
  }
}

/** A change shows its plan, a screen is gone to; what runs or is copied is shown first. */
function chosen(state: State, entry: PaletteEntry, around: Surroundings): State {
  const deed = deedOf(entry.words)
  switch (deed.kind) {
    case 'change':
      return ask(state, deed.request, around)
    case 'screen':
      return toScreen(state, deed.screen)
    case 'run':
    case 'copy':
      return { ...state, overlay: { kind: 'command', entry, command: around.commandLine(entry.usage) } }
  }
}

/** Typed or pasted into the palette. */
export function typed(state: State, line: Line, text: string): State {
  const oneLine = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ')
  return { ...state, overlay: { kind: 'palette', line: insert(line, oneLine), row: 0 } }
}
