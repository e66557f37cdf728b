import { isNotSetUp } from './absent.ts'
import type { ChangeRequest } from './change/request.ts'
import type { ScreenId } from './screens.ts'
import type { State } from './state.ts'

/** What a key starts, on every screen that has no other meaning for it. */
export type Shortcut =
  | { readonly kind: 'change'; readonly request: ChangeRequest }
  | { readonly kind: 'screen'; readonly screen: ScreenId }
  | { readonly kind: 'shell'; readonly service: string }
  /** One of our own commands makes the instance. */
  | { readonly kind: 'make'; readonly command: 'init' | 'import' }

/** What a key starts; undefined: nothing here. */
export function shortcut(state: State, key: string): Shortcut | undefined {
  const { screen, selected } = state
  const services = screen === 'overview' && selected !== undefined ? [selected] : []
  switch (key) {
    case 'd':
      return { kind: 'change', request: { kind: 'deploy' } }
    case 'u':
      return { kind: 'change', request: { kind: 'update' } }
    case 'b':
      return { kind: 'screen', screen: 'rollback' }
    case 'r':
      return { kind: 'change', request: { kind: 'restart', services } }
    case 's':
      return { kind: 'change', request: { kind: 'start', services } }
    case 'S':
      return { kind: 'change', request: { kind: 'stop', services } }
    case 'e':
      return selected === undefined ? undefined : { kind: 'shell', service: selected }
    case 'i':
      return isNotSetUp(state) ? { kind: 'make', command: 'init' } : undefined
    case 'I':
      return isNotSetUp(state) ? { kind: 'make', command: 'import' } : undefined
    default:
      return undefined
  }
}
