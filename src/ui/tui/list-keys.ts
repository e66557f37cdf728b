import type { Press } from './reducer.ts'

/** Where the cursor of a list goes: by so many rows, or by parts of the screen. */
export type ListMove =
  | { readonly type: 'move'; readonly steps: number }
  | { readonly type: 'page'; readonly pages: number }

const TEXTS: { readonly [text: string]: ListMove } = {
  j: { type: 'move', steps: 1 },
  k: { type: 'move', steps: -1 },
  ' ': { type: 'page', pages: 1 },
  b: { type: 'page', pages: -1 },
}

const KEYS: { readonly [key: string]: ListMove } = {
  down: { type: 'move', steps: 1 },
  up: { type: 'move', steps: -1 },
  home: { type: 'move', steps: Number.NEGATIVE_INFINITY },
  end: { type: 'move', steps: Number.POSITIVE_INFINITY },
  pageDown: { type: 'page', pages: 1 },
  pageUp: { type: 'page', pages: -1 },
}

/** What the keys that move through every list do; undefined for others. */
export function listMove(press: Press): ListMove | undefined {
  if (press.type === 'key') return KEYS[press.key]
  return Object.hasOwn(TEXTS, press.text) ? TEXTS[press.text] : undefined
}
