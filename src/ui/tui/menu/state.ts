import type { BackupList } from '../../../core/actions/backup/list.ts'
import { atHome } from '../../../core/actions/look-around.ts'
import { isInstanceName } from '../../../core/instance/index.ts'
import { type Edit, EMPTY, edit, insert, type Line } from '../../wizard/line.ts'
import { LOADING, type Loaded } from '../loaded.ts'
import { clean } from '../view/spans.ts'
import type { Page } from './deed.ts'
import type { KnownInstance } from './source.ts'

/** What stays as it is while the dashboard is open. */
export interface MenuFacts {
  readonly instance: string
  /** The home directory of the person: what `~` means. */
  readonly home: string
  /** Words of the commands that there are: `self update`. */
  readonly commands: ReadonlySet<string>
}

export interface MenuState {
  readonly page: Page
  /** Where Esc goes back to, the last first, with the row that the cursor was on. */
  readonly former: readonly { readonly page: Page; readonly row: number }[]
  readonly row: number
  /** What is typed, where a page asks for it. */
  readonly line: Line
  readonly instances: Loaded<readonly KnownInstance[]>
  readonly backups: Loaded<BackupList>
}

export const START: MenuState = {
  page: { kind: 'main' },
  former: [],
  row: 0,
  line: EMPTY,
  instances: LOADING,
  backups: LOADING,
}

export type MenuAction =
  | { readonly type: 'instances'; readonly instances: MenuState['instances'] }
  | { readonly type: 'backups'; readonly backups: MenuState['backups'] }
  /** `rows`: how many there are. */
  | { readonly type: 'move'; readonly steps: number; readonly rows: number }
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'back' }
  | { readonly type: 'edit'; readonly how: Edit }
  | { readonly type: 'text'; readonly text: string }

/** The menu after an action. Pure. */
export function reduceMenu(state: MenuState, action: MenuAction): MenuState {
  switch (action.type) {
    case 'instances':
      return { ...state, instances: action.instances }
    case 'backups':
      return { ...state, backups: action.backups }
    case 'move':
      return { ...state, row: Math.min(Math.max(state.row + action.steps, 0), Math.max(0, action.rows - 1)) }
    case 'page': {
      const { page, row, former } = state
      return { ...state, page: action.page, row: 0, line: EMPTY, former: [{ page, row }, ...former] }
    }
    case 'back': {
      const [last, ...former] = state.former
      return last === undefined ? state : { ...state, ...last, former }
    }
    case 'edit':
      return { ...state, line: edit(state.line, action.how) }
    case 'text':
      return { ...state, line: insert(state.line, clean(action.text)) }
  }
}

/** There is no such instance yet; false while nobody knows. */
export function isAbsent({ instances }: Pick<MenuState, 'instances'>, { instance }: MenuFacts): boolean {
  return instances.kind === 'loaded' && instances.value.every(({ name }) => name !== instance)
}

/** The page asks for a text: letters are no keys there. */
export function isTyping({ page }: Pick<MenuState, 'page'>): boolean {
  return page.kind === 'name' || page.kind === 'import'
}

/** The command that imports what is typed: the usual places, a folder or a file, or a running project by its name. */
export function importWords({ line }: Pick<MenuState, 'line'>, { home }: Pick<MenuFacts, 'home'>): readonly string[] {
  const text = line.text.trim()
  if (text === '') return ['import']
  return isInstanceName(text) ? ['import', '--project', text] : ['import', atHome(text, home)]
}

/** What is wrong with the name that is typed; undefined when it can be one. */
export function nameComplaint({ line: { text }, instances }: MenuState): string | undefined {
  if (text === '') return 'Type a name, such as trial.'
  if (!isInstanceName(text)) return 'Small letters, digits, dashes and underscores, a letter or a digit first.'
  const isThere = instances.kind === 'loaded' && instances.value.some(({ name }) => name === text)
  return isThere ? `There is "${text}" already.` : undefined
}
