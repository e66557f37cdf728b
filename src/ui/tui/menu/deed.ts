import type { ChangeRequest } from '../change/request.ts'
import type { ScreenId } from '../screens.ts'
import type { Outside } from '../state.ts'

/** What a row of the menu leads to. */
export type MenuDeed =
  | { readonly kind: 'screen'; readonly screen: ScreenId }
  /** Its plan is shown first. */
  | { readonly kind: 'change'; readonly request: ChangeRequest }
  /** One of our commands has the terminal for a while. */
  | { readonly kind: 'outside'; readonly what: Outside }
  | { readonly kind: 'page'; readonly page: Page }
  /** The dashboard opens on another instance. */
  | { readonly kind: 'open'; readonly instance: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'quit' }

/** A page of the menu. */
export type Page =
  | { readonly kind: 'main' }
  | { readonly kind: 'backups' }
  | { readonly kind: 'backup'; readonly backup: string }
  | { readonly kind: 'instances' }
  /** The name of a new instance is typed. */
  | { readonly kind: 'name' }
  /** What is to be imported is typed. */
  | { readonly kind: 'import' }
  | { readonly kind: 'uninstall' }

export interface MenuRow {
  readonly title: string
  readonly about: string
  readonly deed: MenuDeed
}

export const screen = (id: ScreenId): MenuDeed => ({ kind: 'screen', screen: id })
export const change = (request: ChangeRequest): MenuDeed => ({ kind: 'change', request })
export const page = (to: Page): MenuDeed => ({ kind: 'page', page: to })

/** What it writes stays in sight until a key is pressed. `reads`: it changes nothing. */
export const outside = (reads: boolean, ...words: readonly string[]): MenuDeed => ({
  kind: 'outside',
  what: { words, reads, waits: true },
})
