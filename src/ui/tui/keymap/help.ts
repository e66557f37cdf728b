import type { ScreenId } from '../screens.ts'
import { ACTION_IDS, ACTIONS, type ActionFacts, type ActionId } from './actions.ts'
import type { Keymap } from './keymap.ts'

/** A line of the help: keys, and what they do. */
export type KeyLine = readonly [keys: string, about: string]

/** What the keys of one place do: of a screen, or everywhere. */
export function keyLines(keymap: Keymap, on: ScreenId | 'everywhere'): readonly KeyLine[] {
  return ACTION_IDS.filter((action) => place(action) === on).flatMap((action): readonly KeyLine[] => {
    const keys = keymap.keysOf(action)
    return keys.length === 0 ? [] : [[keys.map(shown).join(' '), ACTIONS[action].about]]
  })
}

/** The table of all actions, for the documentation: action, default keys, what it does. Markdown. */
export function keyTable(): string {
  const rows = ACTION_IDS.map((action) => {
    const { keys, about } = ACTIONS[action]
    return `| \`${action}\` | ${keys.map((key) => `\`${key}\``).join(' ')} | ${about} |`
  })
  return ['| action | keys | what it does |', '|---|---|---|', ...rows].join('\n')
}

const place = (action: ActionId): ActionFacts['on'] => ACTIONS[action].on

/** As people write them: `Shift-Tab`, `j`. */
export function shown(key: string): string {
  return key.length === 1 ? key : key.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}
