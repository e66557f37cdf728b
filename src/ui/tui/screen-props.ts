import type { ComponentType } from 'react'
import type { Style } from '../cli/style.ts'
import type { ScreenId } from './screens.ts'
import type { Area } from './view/spans.ts'

/** What a screen that is a component of its own gets from the dashboard. It draws exactly `area.height` lines. */
export interface ScreenProps {
  readonly area: Area
  readonly style: Style
  /** The service that the cursor of the overview is on. */
  readonly service: string | undefined
  /** False while something lies over the screen or it is not shown: keys are not for it then. */
  readonly isActive: boolean
  /**
   * Told true while the screen reads text (a search): then all keys but Ctrl-C are its own. Otherwise the dashboard takes
   * `1` to `6`, Tab, `?`, `:`, `q` and `Y`, and the screen the others.
   */
  readonly onCapture: (isCaptured: boolean) => void
}

/** Screens that are components; the others are drawn by the frame. */
export type OwnScreens = { readonly [id in ScreenId]?: ComponentType<ScreenProps> }
