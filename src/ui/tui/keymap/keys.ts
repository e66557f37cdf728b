import { graphemes } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'

type KeyName = Extract<Press, { type: 'key' }>['key']

/** Keys that are no characters, as `config.yml` and the help name them. */
const NAMES = {
  enter: 'enter',
  tab: 'tab',
  'shift-tab': 'backTab',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'home',
  end: 'end',
  'page-up': 'pageUp',
  'page-down': 'pageDown',
  backspace: 'backspace',
  delete: 'delete',
  'ctrl-n': 'offer',
} as const satisfies { readonly [name: string]: KeyName }

const BY_KEY: ReadonlyMap<string, string> = new Map(Object.entries(NAMES).map(([name, key]) => [key, name]))

const isName = (name: string): name is keyof typeof NAMES => Object.hasOwn(NAMES, name)

/** The name of what was pressed; undefined for what no action can be given. */
export function keyOf(press: Press): string | undefined {
  if (press.type === 'key') return BY_KEY.get(press.key)
  return press.text === ' ' ? 'space' : press.text
}

/** The press of a key with this name. */
export function pressOf(name: string): Press {
  if (isName(name)) return { type: 'key', key: NAMES[name] }
  return { type: 'text', text: name === 'space' ? ' ' : name }
}

/** One character, or the name of a key. */
export function isKey(text: string): boolean {
  return isName(text) || text === 'space' || (graphemes(text).length === 1 && !/[\s\p{Cc}]/u.test(text))
}
