import type { Problem } from '../../../core/errors.ts'
import type { OwnKeys } from '../keymap/index.ts'

export type ThemeName = 'auto' | 'dark' | 'light' | 'mono'

/** What a person wants of the dashboard: `tui` in `config.yml` of the user directory. */
export interface TuiPreferences {
  readonly theme: ThemeName
  /** The mouse selects and scrolls from the start; then the terminal's own selection needs Shift. */
  readonly mouse: boolean
  readonly screenReader: boolean
  readonly keys: OwnKeys
}

export const DEFAULT_PREFERENCES: TuiPreferences = { theme: 'auto', mouse: false, screenReader: false, keys: {} }

/** The preferences as far as they could be understood, and what could not. */
export interface ReadPreferences {
  readonly preferences: TuiPreferences
  readonly problems: readonly Problem[]
}

/** Preferences of the dashboard are in this file of the user directory. */
export const PREFERENCES_FILE = 'config.yml'
