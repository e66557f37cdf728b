import { isEdit } from '../../wizard/line.ts'
import type { Press } from '../reducer.ts'
import type { EventsAction, EventsState } from './state.ts'

export type EventsPress = EventsAction | { readonly type: 'page'; readonly pages: number } | { readonly type: 'copy' }

const TEXTS: { readonly [text: string]: EventsPress } = {
  j: { type: 'move', steps: 1 },
  k: { type: 'move', steps: -1 },
  g: { type: 'move', steps: Number.NEGATIVE_INFINITY },
  G: { type: 'move', steps: Number.POSITIVE_INFINITY },
  ' ': { type: 'page', pages: 1 },
  b: { type: 'page', pages: -1 },
  '/': { type: 'search' },
  v: { type: 'filter' },
  y: { type: 'copy' },
}

/** What a key does here; undefined: nothing. */
export function eventsPress(press: Press, { isTyping }: Pick<EventsState, 'isTyping'>): EventsPress | undefined {
  if (isTyping) return press.type === 'text' ? { type: 'text', text: press.text } : onInput(press.key)
  if (press.type === 'text') return Object.hasOwn(TEXTS, press.text) ? TEXTS[press.text] : undefined
  return onKey(press.key)
}

type KeyName = Extract<Press, { type: 'key' }>['key']

function onInput(key: KeyName): EventsAction | undefined {
  if (isEdit(key)) return { type: 'edit', how: key }
  if (key === 'enter') return { type: 'submit' }
  return key === 'escape' ? { type: 'cancel' } : undefined
}

function onKey(key: KeyName): EventsPress | undefined {
  switch (key) {
    case 'down':
      return { type: 'move', steps: 1 }
    case 'up':
      return { type: 'move', steps: -1 }
    case 'home':
      return { type: 'move', steps: Number.NEGATIVE_INFINITY }
    case 'end':
      return { type: 'move', steps: Number.POSITIVE_INFINITY }
    case 'pageDown':
      return { type: 'page', pages: 1 }
    case 'pageUp':
      return { type: 'page', pages: -1 }
    case 'enter':
      return { type: 'open' }
    case 'escape':
      return { type: 'close' }
    default:
      return undefined
  }
}
