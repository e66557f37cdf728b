import type { ReactNode } from 'react'
import type { Style } from '../cli/style.ts'
import type { ChangeRequest } from './change/request.ts'
import type { Ending } from './ending.ts'
import type { ScreenId } from './screens.ts'
import type { Snapshot } from './source.ts'
import type { Outside } from './state.ts'
import type { Area } from './view/spans.ts'

/** What a screen that is a component of its own gets from the dashboard. It draws exactly `area.height` lines. */
export interface ScreenProps {
  readonly area: Area
  readonly style: Style
  /** The service that the screen was opened for; undefined: all. */
  readonly service: string | undefined
  /** Which containers run: another text when one was started or replaced. */
  readonly containers: string
  /** The last that was seen of the instance. */
  readonly snapshot: Snapshot | undefined
  /** Nothing can be changed from here. */
  readonly isReadOnly: boolean
  /** Opens the plan of a change on the Change screen. */
  readonly onChange: (request: ChangeRequest) => void
  /** Shows a line at the foot until the next key. */
  readonly onNotice: (text: string) => void
  /**
   * Told true while the screen reads text (a search): then all keys but Ctrl-C are its own. Otherwise the dashboard takes
   * `1` to `6`, Tab, `?`, `:`, `q`, `Y` and those of `shortcut` that are not kept there for the screen, and the screen the others.
   */
  readonly onCapture: (isCaptured: boolean) => void
  /** Runs one of our own commands on the terminal; the dashboard comes back when it has ended. */
  readonly onOutside: (what: Outside) => void
  /** Goes to another screen. */
  readonly onScreen: (id: ScreenId) => void
  /** Closes what lies over the screen. */
  readonly onClose: () => void
  /** Leaves the dashboard. */
  readonly onLeave: (ending: Ending) => void
}

/** The menu lies over a screen and has all keys but Ctrl-C. */
export type OwnScreenId = ScreenId | 'menu'

/** Screens that are components; the others are drawn by the frame. They are mounted while they are seen. */
export type OwnScreens = { readonly [id in OwnScreenId]?: (props: ScreenProps) => ReactNode }
