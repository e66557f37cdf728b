import type { Press } from '../reducer.ts'

export type RollbackPress =
  | { readonly type: 'move'; readonly steps: number }
  /** A part of the screen. */
  | { readonly type: 'page'; readonly pages: number }
  | { readonly type: 'data' }
  | { readonly type: 'zoom' }
  | { readonly type: 'choose' }
  | { readonly type: 'reload' }

const TEXTS: { readonly [text: string]: RollbackPress } = {
  j: { type: 'move', steps: 1 },
  k: { type: 'move', steps: -1 },
  ' ': { type: 'page', pages: 1 },
  b: { type: 'page', pages: -1 },
  D: { type: 'data' },
  z: { type: 'zoom' },
  r: { type: 'reload' },
}

/** What a key does here; undefined: nothing. */
export function rollbackPress(press: Press): RollbackPress | undefined {
  if (press.type === 'text') return Object.hasOwn(TEXTS, press.text) ? TEXTS[press.text] : undefined
  switch (press.key) {
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
      return { type: 'choose' }
    default:
      return undefined
  }
}
