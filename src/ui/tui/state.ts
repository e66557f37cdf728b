import { EMPTY, type Line } from '../wizard/line.ts'
import type { ChangeRequest } from './change/request.ts'
import type { Ending } from './ending.ts'
import type { History } from './history.ts'
import { findEntries, type PaletteEntry } from './palette.ts'
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
}

/** How it stands with what is watched. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly code: string; readonly message: string; readonly hint: string | undefined }

/** What lies over the screen and takes the keys. */
export type Overlay =
  | { readonly kind: 'help' }
  /** A component of its own. */
  | { readonly kind: 'menu' }
  | { readonly kind: 'palette'; readonly line: Line; readonly row: number }
  /** A command line to copy. */
  | { readonly kind: 'command'; readonly entry: PaletteEntry; readonly command: string }

export interface State {
  readonly screen: ScreenId
  readonly overlay: Overlay | undefined
  readonly connection: Connection
  /** The last that was seen; stays while the engine is gone. */
  readonly snapshot: Snapshot | undefined
  readonly history: History
  /** When the last update came: what ages are counted to. */
  readonly now: Date
  /** The service that the cursor is on. */
  readonly selected: string | undefined
  /** The service that another screen was opened for; undefined: all. */
  readonly about: string | undefined
  /** The screen reads text: all keys but Ctrl-C are its own. */
  readonly isCaptured: boolean
  readonly notice: string | undefined
  /** The change that was asked for last, and how often one was. */
  readonly asked: { readonly request: ChangeRequest | undefined; readonly times: number }
  /** What went to the clipboard, and how often something has. */
  readonly copied: { readonly text: string; readonly times: number }
  readonly ending: Ending | undefined
}

export function initialState(now: Date): State {
  return {
    screen: 'overview',
    overlay: undefined,
    connection: { kind: 'connecting' },
    snapshot: undefined,
    history: new Map(),
    now,
    selected: undefined,
    about: undefined,
    isCaptured: false,
    notice: undefined,
    asked: { request: undefined, times: 0 },
    copied: { text: '', times: 0 },
    ending: undefined,
  }
}

export const PALETTE: Overlay = { kind: 'palette', line: EMPTY, row: 0 }

/** What the palette offers for what is typed. */
export function offered(line: Line, { entries }: Surroundings): readonly PaletteEntry[] {
  return findEntries(entries, line.text)
}

/** The command that shows on the shell what the screen shows. */
export function screenCommand({ screen, about }: Pick<State, 'screen' | 'about'>, around: Surroundings): string {
  const { command } = screenFacts(screen)
  return around.commandLine(screen === 'logs' && about !== undefined ? `${command} ${about}` : command)
}
