import { DEFAULT_KEYMAP, type KeyLine, type Keymap, keyLines } from './keymap/index.ts'
import type { ScreenId } from './screens.ts'

/** Those of the screen first. */
export function helpOf(screen: ScreenId, keymap: Keymap): readonly KeyLine[] {
  return [...(FIXED[screen] ?? []), ...keyLines(keymap, screen), ...keyLines(keymap, 'everywhere'), ...ALWAYS]
}

export function helpLength(screen: ScreenId): number {
  return helpOf(screen, DEFAULT_KEYMAP).length
}

/** Keys that mean the same always. */
const FIXED: { readonly [id in ScreenId]?: readonly KeyLine[] } = {
  change: [
    ['Left Right', 'Cancel or Go ahead; Enter confirms, Esc cancels'],
    ['Enter', 'after a failure: the plan once more'],
  ],
  rollback: [['Enter', 'show the plan that goes back to the point at the cursor']],
  events: [['Enter, Esc', 'open what the cursor is on; back, or show all again']],
  config: [['Enter', 'edit the setting at the cursor; Esc shows all again']],
}

const ALWAYS: readonly KeyLine[] = [
  ['Ctrl-Z', 'leave for the shell; fg comes back'],
  ['Ctrl-C', 'quit; during a change it is asked what becomes of it'],
]
