import { type ListMove, listMove } from '../list-keys.ts'
import type { Press } from '../reducer.ts'

export type RollbackPress =
  | ListMove
  | { readonly type: 'data' }
  | { readonly type: 'zoom' }
  | { readonly type: 'choose' }
  | { readonly type: 'reload' }

const TEXTS: { readonly [text: string]: RollbackPress } = {
  D: { type: 'data' },
  z: { type: 'zoom' },
  r: { type: 'reload' },
}

/** What a key does here; undefined: nothing. */
export function rollbackPress(press: Press): RollbackPress | undefined {
  if (press.type === 'text' && Object.hasOwn(TEXTS, press.text)) return TEXTS[press.text]
  return press.type === 'key' && press.key === 'enter' ? { type: 'choose' } : listMove(press)
}
