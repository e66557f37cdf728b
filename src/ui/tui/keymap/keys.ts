import { graphemes } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'

type KeyName = Extract<Press, { type: 'key' }>['key']

/** Keys that are no characters, as `config.yml` and the help name them. */
const NAMES: { readonly [key in KeyName]?: string } = {
  enter: 'enter',
  tab: 'tab',
  backTab: 'shift-tab',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'home',
  end: 'end',
  pageUp: 'page-up',
  pageDown: 'page-down',
  backspace: 'backspace',
  delete: 'delete',
  offer: 'ctrl-n',
}

const NAMED: ReadonlySet<string> = new Set([...Object.values(NAMES), 'space'])

/** The name of what was pressed; undefined for what no action can be given. */
export function keyOf(press: Press): string | undefined {
  if (press.type === 'key') return NAMES[press.key]
  return press.text === ' ' ? 'space' : press.text
}

/** One character, or the name of a key. */
export function isKey(text: string): boolean {
  return NAMED.has(text) || (graphemes(text).length === 1 && !/[\s\p{Cc}]/u.test(text))
}

export const KEY_NAMES: readonly string[] = [...NAMED]
