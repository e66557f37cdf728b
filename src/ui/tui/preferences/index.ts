export {
  DEFAULT_PREFERENCES,
  PREFERENCES_FILE,
  type ReadPreferences,
  type ThemeName,
  type TuiPreferences,
} from './preferences.ts'
export { readPreferences } from './read.ts'
