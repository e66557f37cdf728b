import { isEdit } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'
import { isTyping, type MenuAction, type MenuState } from './state.ts'

export type MenuPress =
  | Extract<MenuAction, { type: 'edit' | 'text' | 'back' }>
  | { readonly type: 'move'; readonly steps: number }
  | { readonly type: 'choose' }
  | { readonly type: 'close' }

const TEXTS: { readonly [text: string]: MenuPress } = {
  j: { type: 'move', steps: 1 },
  k: { type: 'move', steps: -1 },
  h: { type: 'back' },
  l: { type: 'choose' },
  m: { type: 'close' },
  q: { type: 'close' },
}

/** What a key does in the menu; undefined: nothing. */
export function menuPress(press: Press, state: Pick<MenuState, 'page'>): MenuPress | undefined {
  const readsText = isTyping(state)
  if (press.type === 'text') {
    if (readsText) return { type: 'text', text: press.text }
    return Object.hasOwn(TEXTS, press.text) ? TEXTS[press.text] : undefined
  }
  if (press.key === 'enter') return { type: 'choose' }
  if (press.key === 'escape') return { type: 'back' }
  if (readsText) return isEdit(press.key) ? { type: 'edit', how: press.key } : undefined
  return onKey(press.key)
}

function onKey(key: Extract<Press, { type: 'key' }>['key']): MenuPress | undefined {
  switch (key) {
    case 'up':
    case 'backTab':
      return { type: 'move', steps: -1 }
    case 'down':
    case 'tab':
      return { type: 'move', steps: 1 }
    case 'home':
      return { type: 'move', steps: Number.NEGATIVE_INFINITY }
    case 'end':
      return { type: 'move', steps: Number.POSITIVE_INFINITY }
    case 'left':
      return { type: 'back' }
    case 'right':
      return { type: 'choose' }
    default:
      return undefined
  }
}
