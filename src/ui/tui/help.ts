import { CHANGE_KEYS } from './change/keys.ts'
import { EVENT_KEYS } from './events/keys.ts'
import { LOG_KEYS } from './logs-keys.ts'
import { ROLLBACK_KEYS } from './rollback/keys.ts'
import type { ScreenId } from './screens.ts'
import { SHORTCUT_KEYS } from './shortcuts.ts'

/** Keys, and what they do. */
export type KeyLine = readonly [keys: string, what: string]

/** Those of the screen first. */
export function helpOf(screen: ScreenId): readonly KeyLine[] {
  return [...(OWN_KEYS[screen] ?? []), ...KEYS]
}

export function helpLength(screen: ScreenId): number {
  return helpOf(screen).length
}

const OWN_KEYS: { readonly [id in ScreenId]?: readonly KeyLine[] } = {
  logs: LOG_KEYS,
  rollback: ROLLBACK_KEYS,
  change: CHANGE_KEYS,
  events: EVENT_KEYS,
}

const KEYS = [
  ['1 ... 6', 'the screens; also Tab and Shift-Tab'],
  ['j k, arrows', 'move the cursor'],
  ['Enter', 'logs of the service at the cursor'],
  ...SHORTCUT_KEYS,
  [':', 'every command, by any of its letters'],
  ['y', 'copy the command that does the same as the screen'],
  ['?', 'this help'],
  ['Ctrl-Z', 'leave for the shell; fg comes back'],
  ['q, Ctrl-C', 'quit; during a change it is asked what becomes of it'],
] as const
