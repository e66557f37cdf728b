import { isEdit } from '../../wizard/line.ts'
import { type ListMove, listMove } from '../list-keys.ts'
import type { Press } from '../reducer.ts'
import type { EventsAction, EventsState } from './state.ts'

export type EventsPress = EventsAction | ListMove | { readonly type: 'copy' }

const TEXTS: { readonly [text: string]: EventsPress } = {
  g: { type: 'move', steps: Number.NEGATIVE_INFINITY },
  G: { type: 'move', steps: Number.POSITIVE_INFINITY },
  '/': { type: 'search' },
  v: { type: 'filter' },
  y: { type: 'copy' },
}

/** What a key does here; undefined: nothing. */
export function eventsPress(press: Press, { isTyping }: Pick<EventsState, 'isTyping'>): EventsPress | undefined {
  if (isTyping) return press.type === 'text' ? { type: 'text', text: press.text } : onInput(press.key)
  if (press.type === 'text' && Object.hasOwn(TEXTS, press.text)) return TEXTS[press.text]
  if (press.type === 'key' && press.key === 'enter') return { type: 'open' }
  if (press.type === 'key' && press.key === 'escape') return { type: 'close' }
  return listMove(press)
}

type KeyName = Extract<Press, { type: 'key' }>['key']

function onInput(key: KeyName): EventsAction | undefined {
  if (isEdit(key)) return { type: 'edit', how: key }
  if (key === 'enter') return { type: 'submit' }
  return key === 'escape' ? { type: 'cancel' } : undefined
}
