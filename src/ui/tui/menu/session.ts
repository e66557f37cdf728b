import { loaded } from '../loaded.ts'
import { Store } from '../store.ts'
import type { MenuSource } from './source.ts'
import { type MenuAction, type MenuState, reduceMenu, START } from './state.ts'

/** The menu while it is open, and what it lists. */
export class MenuSession {
  readonly store = new Store<MenuState>(START)
  readonly #source: MenuSource

  constructor(source: MenuSource) {
    this.#source = source
  }

  /** From its first page; what was read before stays in sight while it is read again. */
  open(): void {
    const { instances, backups } = this.store.get()
    this.store.set({ ...START, instances, backups })
    void loaded(() => this.#source.instances()).then((read) => this.act({ type: 'instances', instances: read }))
  }

  act(action: MenuAction): void {
    this.store.set(reduceMenu(this.store.get(), action))
    if (action.type !== 'page' || action.page.kind !== 'backups') return
    void loaded(() => this.#source.backups()).then((backups) => this.act({ type: 'backups', backups }))
  }
}
