import type { BackupList } from '../../../core/actions/backup/list.ts'
import { isInstanceName } from '../../../core/instance/index.ts'
import { type Edit, EMPTY, edit, insert, type Line } from '../../wizard/line.ts'
import { LOADING, type Loaded } from '../loaded.ts'
import { clean } from '../view/spans.ts'
import type { Page } from './deed.ts'
import type { KnownInstance } from './source.ts'

/** What stays as it is while the dashboard is open. */
export interface MenuFacts {
  readonly instance: string
  /** Words of the commands that there are: `self update`. */
  readonly commands: ReadonlySet<string>
}

export interface MenuState {
  readonly page: Page
  /** Where Esc goes back to, the last first, with the row that the cursor was on. */
  readonly former: readonly { readonly page: Page; readonly row: number }[]
  readonly row: number
  readonly name: Line
  readonly instances: Loaded<readonly KnownInstance[]>
  readonly backups: Loaded<BackupList>
}

export const START: MenuState = {
  page: { kind: 'main' },
  former: [],
  row: 0,
  name: EMPTY,
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
      return { ...state, page: action.page, row: 0, name: EMPTY, former: [{ page, row }, ...former] }
    }
    case 'back': {
      const [last, ...former] = state.former
      return last === undefined ? state : { ...state, ...last, former }
    }
    case 'edit':
      return { ...state, name: edit(state.name, action.how) }
    case 'text':
      return { ...state, name: insert(state.name, clean(action.text).trim()) }
  }
}

/** There is no such instance yet; false while nobody knows. */
export function isAbsent({ instances }: Pick<MenuState, 'instances'>, { instance }: MenuFacts): boolean {
  return instances.kind === 'loaded' && instances.value.every(({ name }) => name !== instance)
}

/** What is wrong with the name that is typed; undefined when it can be one. */
export function nameComplaint({ name: { text }, instances }: MenuState): string | undefined {
  if (text === '') return 'Type a name, such as trial.'
  if (!isInstanceName(text)) return 'Small letters, digits, dashes and underscores, a letter or a digit first.'
  const isThere = instances.kind === 'loaded' && instances.value.some(({ name }) => name === text)
  return isThere ? `There is "${text}" already.` : undefined
}
