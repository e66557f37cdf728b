import type { ScreenId } from '../screens.ts'

/** One thing that a key does. */
export interface ActionFacts {
  /** Where the key means this; `everywhere`: on each screen that has no other meaning for it. */
  readonly on: ScreenId | 'everywhere'
  /** Unless `config.yml` names others. */
  readonly keys: readonly string[]
  /** For the help and the documentation. */
  readonly about: string
}

/**
 * Everything that keys do, the one table of it: what is typed is looked up here, and the help and the documentation are made
 * from it. In a text (a search, a value), keys are text; Enter, Escape and Ctrl-C mean the same always.
 */
export const ACTIONS = {
  'screen.overview': { on: 'everywhere', keys: ['1'], about: 'overview' },
  'screen.logs': { on: 'everywhere', keys: ['2'], about: 'logs' },
  'screen.change': { on: 'everywhere', keys: ['3'], about: 'change: plan, progress, result' },
  'screen.rollback': { on: 'everywhere', keys: ['4'], about: 'rollback' },
  'screen.config': { on: 'everywhere', keys: ['5'], about: 'config' },
  'screen.events': { on: 'everywhere', keys: ['6'], about: 'events' },
  'screen.next': { on: 'everywhere', keys: ['tab'], about: 'next screen' },
  'screen.previous': { on: 'everywhere', keys: ['shift-tab'], about: 'previous screen' },
  down: { on: 'everywhere', keys: ['j', 'down'], about: 'cursor down' },
  up: { on: 'everywhere', keys: ['k', 'up'], about: 'cursor up' },
  first: { on: 'everywhere', keys: ['home'], about: 'first line' },
  last: { on: 'everywhere', keys: ['end'], about: 'last line' },
  open: { on: 'everywhere', keys: ['enter'], about: 'open what the cursor is on' },
  palette: { on: 'everywhere', keys: [':'], about: 'every command, by any of its letters' },
  copy: { on: 'everywhere', keys: ['y'], about: 'copy; on a screen without text, the command that does the same' },
  'copy.command': { on: 'everywhere', keys: ['Y'], about: 'copy the command that does the same as the screen' },
  mouse: { on: 'everywhere', keys: ['M'], about: 'mouse on or off; off, the terminal selects text' },
  help: { on: 'everywhere', keys: ['?'], about: 'this help' },
  quit: { on: 'everywhere', keys: ['q'], about: 'quit; what runs goes on' },

  'config.page.down': { on: 'config', keys: ['page-down'], about: 'page down' },
  'config.page.up': { on: 'config', keys: ['page-up'], about: 'page up' },
  'config.section.next': { on: 'config', keys: [']'], about: 'next section' },
  'config.section.previous': { on: 'config', keys: ['['], about: 'previous section' },
  'config.toggle': { on: 'config', keys: ['space'], about: 'turn on or off, take the next choice' },
  'config.add': { on: 'config', keys: ['a'], about: 'add a name to the table' },
  'config.unset': { on: 'config', keys: ['x'], about: 'take out of the file: the default holds' },
  'config.undo': { on: 'config', keys: ['u'], about: 'drop the draft' },
  'config.undo.all': { on: 'config', keys: ['U'], about: 'drop all drafts' },
  'config.reveal': { on: 'config', keys: ['v'], about: 'show a secret, hide it again' },
  'config.generate': { on: 'config', keys: ['p'], about: 'make a new secret' },
  'config.search': { on: 'config', keys: ['/'], about: 'search names and help' },
  'config.filter': { on: 'config', keys: ['f'], about: 'all, what the file sets, drafts, problems' },
  'config.review': { on: 'config', keys: ['s'], about: 'the difference; save or apply' },
  'config.editor': { on: 'config', keys: ['E'], about: 'the file in your editor' },
  'config.history': { on: 'config', keys: ['H'], about: 'history: compare, restore' },
} as const satisfies { readonly [action: string]: ActionFacts }

export type ActionId = keyof typeof ACTIONS

export function isAction(name: string): name is ActionId {
  return Object.hasOwn(ACTIONS, name)
}

export const ACTION_IDS: readonly ActionId[] = Object.keys(ACTIONS).filter(isAction)
