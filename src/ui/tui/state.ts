import { EMPTY, type Line } from '../wizard/line.ts'
import { type ChangeRequest, requestWords } from './change/request.ts'
import type { Phase } from './change/state.ts'
import type { Ending } from './ending.ts'
import type { Happening } from './events/index.ts'
import type { History } from './history.ts'
import type { Keymap } from './keymap/index.ts'
import type { Leaving } from './leave.ts'
import { findEntries, type PaletteEntry } from './palette.ts'
import { NO_PULSE, type Pulse } from './pulse.ts'
import type { OwnScreenId } from './screen-props.ts'
import { type ScreenId, screenFacts } from './screens.ts'
import type { Snapshot } from './source.ts'

/** What stays as it is while the dashboard is open. */
export interface Surroundings {
  readonly instance: string
  /** Nothing can be changed from here. */
  readonly isReadOnly: boolean
  readonly entries: readonly PaletteEntry[]
  /** Screens that are components and read keys beside those of the dashboard. */
  readonly ownScreens: ReadonlySet<OwnScreenId>
  /** The words of a command as a whole line for the same instance: `ddalab logs -i lab`. */
  readonly commandLine: (words: string) => string
  readonly keymap: Keymap
  /** Whether it begins with the mouse. */
  readonly hasMouse?: boolean
}

/** How it stands with what is watched. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string; readonly hint: string | undefined }

/** What lies over the screen and takes the keys. */
export type Overlay =
  /** Seen from this line on. */
  | { readonly kind: 'help'; readonly top: number }
  /** A component of its own. */
  | { readonly kind: 'menu' }
  | { readonly kind: 'palette'; readonly line: Line; readonly row: number }
  /** A command line to copy. */
  | { readonly kind: 'command'; readonly entry: PaletteEntry; readonly command: string }
  /** Somebody wants to leave, and what was not saved would be lost. */
  | { readonly kind: 'discard'; readonly row: number; readonly ending: Ending }
  /** Somebody wants to leave while something is being changed. */
  | { readonly kind: 'leave'; readonly row: number }

/** One of our own commands that has the terminal for a while. */
export interface Outside {
  /** `exec api`, word by word. */
  readonly words: readonly string[]
  /** It changes nothing. */
  readonly reads: boolean
  /** What it wrote stays in sight until a key is pressed. */
  readonly waits: boolean
}

export interface State {
  readonly screen: ScreenId
  readonly overlay: Overlay | undefined
  readonly connection: Connection
  /** The last that was seen; stays while the engine is gone. */
  readonly snapshot: Snapshot | undefined
  readonly history: History
  readonly pulse: Pulse
  /** What has happened, newest first. */
  readonly happenings: readonly Happening[]
  /** When the last update came: what ages are counted to. */
  readonly now: Date
  /** The service that the cursor is on. */
  readonly selected: string | undefined
  /** On the overview it has the whole screen. */
  readonly isZoomed: boolean
  /** The service that another screen was opened for; undefined: all. */
  readonly about: string | undefined
  /** The screen reads text: all keys but Ctrl-C are its own. */
  readonly isCaptured: boolean
  readonly notice: string | undefined
  /** The change that was asked for last, and how often one was. */
  readonly asked: { readonly request: ChangeRequest | undefined; readonly times: number }
  /** How far the change is that was asked for. */
  readonly phase: Phase
  /** How often it was said that what is under way is to be undone. */
  readonly cancelled: number
  /** The dashboard closes when what is under way has ended. */
  readonly leaving: Leaving | undefined
  /** What was given the terminal last, and how often something was. */
  readonly outside: { readonly what: Outside | undefined; readonly times: number }
  /** What went to the clipboard, and how often something has. */
  readonly copied: { readonly text: string; readonly times: number }
  readonly ending: Ending | undefined
  /** What would be lost by leaving, in words. */
  readonly unsaved: string | undefined
  /** The mouse is told to the dashboard, and not to the terminal's own selection. */
  readonly hasMouse: boolean
}

export function initialState(now: Date, { hasMouse = false }: { readonly hasMouse?: boolean } = {}): State {
  return {
    screen: 'overview',
    overlay: undefined,
    connection: { kind: 'connecting' },
    snapshot: undefined,
    history: new Map(),
    pulse: NO_PULSE,
    happenings: [],
    now,
    selected: undefined,
    isZoomed: false,
    about: undefined,
    isCaptured: false,
    notice: undefined,
    asked: { request: undefined, times: 0 },
    phase: 'idle',
    cancelled: 0,
    leaving: undefined,
    outside: { what: undefined, times: 0 },
    copied: { text: '', times: 0 },
    ending: undefined,
    unsaved: undefined,
    hasMouse,
  }
}

export const PALETTE: Overlay = { kind: 'palette', line: EMPTY, row: 0 }

/** What the palette offers for what is typed. */
export function offered(line: Line, { entries }: Surroundings): readonly PaletteEntry[] {
  return findEntries(entries, line.text)
}

/** The command that does on the shell what the screen does. */
export function screenCommand(
  { screen, about, asked }: Pick<State, 'screen' | 'about' | 'asked'>,
  { commandLine }: Surroundings,
): string {
  const { command } = screenFacts(screen)
  if (screen === 'change' && asked.request !== undefined) return commandLine(requestWords(asked.request))
  return commandLine(screen === 'logs' && about !== undefined ? `${command} ${about}` : command)
}
