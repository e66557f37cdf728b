import type { ScreenId } from '../screens.ts'

/** One thing that a key does. */
export interface ActionFacts {
  /** Where the key means this; `everywhere`: on each screen that has no other meaning for it. */
  readonly on: ScreenId | 'everywhere'
  /** Unless `config.yml` names others. */
  readonly keys: readonly string[]
  /** For the documentation. */
  readonly about: string
}

const everywhere = (about: string, ...keys: readonly string[]): ActionFacts => ({ on: 'everywhere', keys, about })
const on =
  (screen: ScreenId) =>
  (about: string, ...keys: readonly string[]): ActionFacts => ({ on: screen, keys, about })
const overview = on('overview')
const logs = on('logs')
const change = on('change')
const rollback = on('rollback')
const config = on('config')
const events = on('events')

/**
 * Everything that keys do. Help and documentation are made from it, and a person's own keys are told from it. Screens know
 * the keys that stand here. In a text (a search, a value) keys are text; Enter, Escape and Ctrl-C always mean the same.
 */
const TABLE = {
  'screen.overview': everywhere('the overview', '1'),
  'screen.logs': everywhere('the logs', '2'),
  'screen.change': everywhere('the change: plan, progress, result', '3'),
  'screen.rollback': everywhere('the rollback points', '4'),
  'screen.config': everywhere('the config', '5'),
  'screen.events': everywhere('the events', '6'),
  'screen.next': everywhere('the next screen', 'tab'),
  'screen.previous': everywhere('the previous screen', 'shift-tab'),
  down: everywhere('cursor down', 'j', 'down'),
  up: everywhere('cursor up', 'k', 'up'),
  first: everywhere('to the first line', 'home'),
  last: everywhere('to the last line', 'end'),
  'page.down': everywhere('page down', 'page-down'),
  'page.up': everywhere('page up', 'page-up'),
  open: everywhere('open what the cursor is on', 'enter'),
  deploy: everywhere('deploy: its plan is shown first', 'd'),
  update: everywhere('update: its plan is shown first', 'u'),
  rollback: everywhere('roll back: the points', 'b'),
  restart: everywhere('restart the service at the cursor, or all', 'r'),
  start: everywhere('start the service at the cursor, or all', 's'),
  stop: everywhere('stop the service at the cursor, or all', 'S'),
  shell: everywhere('a shell in the service at the cursor', 'e'),
  menu: everywhere('the menu', 'm'),
  setup: everywhere('set up an instance that is not there yet', 'i'),
  import: everywhere('import into an instance that is not there yet', 'I'),
  palette: everywhere('every command, by any of its letters', ':'),
  copy: everywhere('copy; where there is no text, the command that does the same', 'y'),
  'copy.command': everywhere('copy the command that does the same as the screen', 'Y'),
  mouse: everywhere('mouse on and off; while it is off the terminal selects text', 'M'),
  help: everywhere('the help', '?'),
  quit: everywhere('quit', 'q'),

  'overview.zoom': overview('the service at the cursor on the whole screen', 'z'),

  'logs.page.down': logs('page down', 'space'),
  'logs.page.up': logs('page up', 'b'),
  'logs.first': logs('to the first line', 'g'),
  'logs.last': logs('to the last line', 'G'),
  'logs.left': logs('to the left', 'h', 'left'),
  'logs.right': logs('to the right', 'l', 'right'),
  'logs.follow': logs('follow, or stand still', 'f'),
  'logs.search': logs('search', '/'),
  'logs.next': logs('next match', 'n'),
  'logs.previous': logs('previous match', 'N'),
  'logs.filter': logs('show only lines with a text', '&'),
  'logs.services': logs('only some services', 'o'),
  'logs.level': logs('least level', 'v'),
  'logs.range': logs('time range', 'r'),
  'logs.wrap': logs('wrap', 'w'),
  'logs.times': logs('times', 't'),
  'logs.mark': logs('mark the line', 'm'),
  'logs.mark.to': logs('mark up to the line', 'V'),
  'logs.mark.previous': logs('to the mark above', '['),
  'logs.mark.next': logs('to the mark below', ']'),
  'logs.unmark': logs('take all marks away', 'u'),
  'logs.copy': logs('copy the marked lines, or the line', 'y'),
  'logs.save': logs('save to a file', 's'),
  'logs.clear': logs('show all again', 'c'),

  'change.cancel': change('cancel: what was done is undone', 'c'),
  'change.follow': change('follow the progress', 'f'),

  'rollback.data': rollback('put the data back as well', 'D'),
  'rollback.page.down': rollback('scroll the difference down', 'space'),
  'rollback.page.up': rollback('scroll the difference up', 'b'),
  'rollback.zoom': rollback('the difference on the whole screen', 'z'),
  'rollback.reload': rollback('look again', 'r'),

  'config.section.next': config('next section', ']'),
  'config.section.previous': config('previous section', '['),
  'config.toggle': config('turn on or off; take the next choice', 'space'),
  'config.add': config('add a name to the table', 'a'),
  'config.unset': config('take out of the file: the default holds', 'x'),
  'config.undo': config('drop the draft', 'u'),
  'config.undo.all': config('drop all drafts', 'U'),
  'config.reveal': config('show the secret, hide it again', 'v'),
  'config.generate': config('make a new secret', 'p'),
  'config.search': config('search names and help', '/'),
  'config.filter': config('all, what the file sets, drafts, problems', 'f'),
  'config.review': config('the difference; save or apply', 's'),
  'config.editor': config('the file in your editor', 'E'),
  'config.history': config('the history: compare, restore', 'H'),
  'config.copy': config('copy the command for the setting', 'y'),

  'events.page.down': events('page down', 'space'),
  'events.page.up': events('page up', 'b'),
  'events.first': events('to the first event', 'g'),
  'events.last': events('to the last event', 'G'),
  'events.search': events('show only events with a text', '/'),
  'events.filter': events('all, changes, failures, rollbacks, health, updates', 'v'),
  'events.copy': events('copy the command of the event', 'y'),
} as const

export type ActionId = keyof typeof TABLE

export const ACTIONS: { readonly [action in ActionId]: ActionFacts } = TABLE

export function isAction(name: string): name is ActionId {
  return Object.hasOwn(ACTIONS, name)
}

export const ACTION_IDS: readonly ActionId[] = Object.keys(ACTIONS).filter(isAction)
