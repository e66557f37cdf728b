import type { ScreenId } from '../screens.ts'
import { ACTION_IDS, ACTIONS, type ActionId } from './actions.ts'
import type { Keymap } from './keymap.ts'

/** A line of the help: keys, and what they do. */
export type KeyLine = readonly [keys: string, about: string]

type Group = readonly [about: string, ...actions: readonly ActionId[]]

/** What belongs together has one line. */
const GROUPS: { readonly [place in ScreenId | 'everywhere']: readonly Group[] } = {
  everywhere: [
    ['this help; quit', 'help', 'quit'],
    [
      'overview, logs, change, rollback, config, events',
      ...screens('overview', 'logs', 'change'),
      ...screens('rollback', 'config', 'events'),
    ],
    ['next and previous screen', 'screen.next', 'screen.previous'],
    ['move the cursor; also arrows', 'down', 'up', 'first', 'last'],
    ['page down and up', 'page.down', 'page.up'],
    ['open what the cursor is on', 'open'],
    ['deploy, update, rollback: the plan is shown first', 'deploy', 'update', 'rollback'],
    ['restart, start, stop: the service at the cursor, or all', 'restart', 'start', 'stop'],
    ['shell in the service at the cursor', 'shell'],
    ['menu; every command, by any of its letters', 'menu', 'palette'],
    ['copy; the command that does the same as the screen', 'copy', 'copy.command'],
    ['where nothing is set up: set it up, import', 'setup', 'import'],
    ['mouse on and off; off, the terminal selects text', 'mouse'],
  ],
  overview: [['the service at the cursor on the whole screen', 'overview.zoom']],
  logs: [
    ['follow, first line, last line', 'logs.follow', 'logs.first', 'logs.last'],
    ['search, next, previous; Tab in it: plain, pattern, fuzzy', 'logs.search', 'logs.next', 'logs.previous'],
    ['show only lines with; Ctrl-N in it: without', 'logs.filter'],
    ['only some services, least level, time range', 'logs.services', 'logs.level', 'logs.range'],
    ['wrap, times, sideways', 'logs.wrap', 'logs.times', 'logs.left', 'logs.right'],
    [
      'mark, mark up to, between marks, unmark',
      'logs.mark',
      'logs.mark.to',
      'logs.mark.previous',
      'logs.mark.next',
      'logs.unmark',
    ],
    ['copy, save to a file, show all again', 'logs.copy', 'logs.save', 'logs.clear'],
    ['page down, page up', 'logs.page.down', 'logs.page.up'],
  ],
  change: [
    ['cancel: what was done is undone', 'change.cancel'],
    ['follow the progress', 'change.follow'],
  ],
  rollback: [
    ['put the data back as well, to the backup of the point', 'rollback.data'],
    ['scroll the difference; give it the whole screen', 'rollback.page.down', 'rollback.page.up', 'rollback.zoom'],
    ['look again', 'rollback.reload'],
  ],
  config: [
    ['turn on or off; take the next choice', 'config.toggle'],
    ['take out of the file; drop the draft; drop all', 'config.unset', 'config.undo', 'config.undo.all'],
    ['show the secret; make a new one', 'config.reveal', 'config.generate'],
    ['add a name to the table', 'config.add'],
    ['search; all, set, drafts, problems', 'config.search', 'config.filter'],
    ['previous and next section', 'config.section.previous', 'config.section.next'],
    ['the difference: save or apply', 'config.review'],
    ['the file in your editor; history', 'config.editor', 'config.history'],
    ['copy the command for the setting', 'config.copy'],
  ],
  events: [
    ['show only events with a text', 'events.search'],
    ['all, changes, failures, rollbacks, health, updates', 'events.filter'],
    ['first and last event; a page', 'events.first', 'events.last', 'events.page.down', 'events.page.up'],
    ['copy the command of the event', 'events.copy'],
  ],
}

function screens(...ids: readonly ScreenId[]): readonly ActionId[] {
  return ids.map((id): ActionId => `screen.${id}`)
}

/** What the keys of one place do: of a screen, or everywhere. */
export function keyLines(keymap: Keymap, place: ScreenId | 'everywhere'): readonly KeyLine[] {
  return GROUPS[place].flatMap(([about, ...actions]): readonly KeyLine[] => {
    const keys = actions.flatMap((action) => keymap.keysOf(action).slice(0, 1)).map(shown)
    return keys.length === 0 ? [] : [[keys.join(' '), about]]
  })
}

/** Actions that no line of the help tells. */
export function untold(): readonly ActionId[] {
  const told = new Set(Object.values(GROUPS).flatMap((groups) => groups.flatMap(([, ...actions]) => actions)))
  return ACTION_IDS.filter((action) => !told.has(action))
}

/** All actions with their keys and what they do, for the documentation. Markdown. */
export function keyTable(): string {
  const rows = ACTION_IDS.map((action) => {
    const { keys, about } = ACTIONS[action]
    return `| \`${action}\` | ${keys.map((key) => `\`${key}\``).join(' ')} | ${about} |`
  })
  return ['| action | keys | what it does |', '|---|---|---|', ...rows].join('\n')
}

/** As people write them: `Shift-Tab`, `j`. */
function shown(key: string): string {
  if (key.startsWith('page-')) return key === 'page-up' ? 'PgUp' : 'PgDn'
  return key.length === 1 ? key : key.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}
