import { type Edit, isEdit } from '../wizard/line.ts'
import { LEVELS, type LogsAction, type LogsState } from './logs/index.ts'
import type { Press } from './reducer.ts'

const MINUTE = 60_000
/** What `r` goes through: all, then the last so many ms. */
const RANGES = [undefined, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 24 * 60 * MINUTE] as const

/** What a key does to the logs; undefined: nothing. `now` in ms. */
export function logsAction(press: Press, state: LogsState, now: number): LogsAction | undefined {
  if (state.input !== undefined) return press.type === 'text' ? { type: 'type', text: press.text } : onInput(press.key)
  return press.type === 'text' ? onText(press.text, state, now) : onKey(press.key)
}

type KeyName = Extract<Press, { type: 'key' }>['key']

function onInput(key: KeyName): LogsAction | undefined {
  if (isEdit(key)) return { type: 'edit', how: key satisfies Edit }
  switch (key) {
    case 'enter':
      return { type: 'submit' }
    case 'escape':
      return { type: 'cancel' }
    case 'tab':
      return { type: 'queryMode' }
    case 'offer':
      return { type: 'inverse' }
    default:
      return undefined
  }
}

function onKey(key: KeyName): LogsAction | undefined {
  switch (key) {
    case 'up':
      return { type: 'move', lines: -1 }
    case 'down':
      return { type: 'move', lines: 1 }
    case 'pageUp':
      return { type: 'page', pages: -1 }
    case 'pageDown':
      return { type: 'page', pages: 1 }
    case 'home':
      return { type: 'start' }
    case 'end':
      return { type: 'end' }
    case 'left':
      return { type: 'sideways', characters: -8 }
    case 'right':
      return { type: 'sideways', characters: 8 }
    default:
      return undefined
  }
}

const ACTIONS: { readonly [text: string]: LogsAction } = {
  j: { type: 'move', lines: 1 },
  k: { type: 'move', lines: -1 },
  ' ': { type: 'page', pages: 1 },
  b: { type: 'page', pages: -1 },
  g: { type: 'start' },
  G: { type: 'end' },
  h: { type: 'sideways', characters: -8 },
  l: { type: 'sideways', characters: 8 },
  f: { type: 'follow' },
  n: { type: 'match', direction: 'next' },
  N: { type: 'match', direction: 'previous' },
  m: { type: 'mark' },
  V: { type: 'markTo' },
  u: { type: 'unmark' },
  '[': { type: 'toMark', direction: 'previous' },
  ']': { type: 'toMark', direction: 'next' },
  w: { type: 'wrap' },
  t: { type: 'timestamps' },
  c: { type: 'clear' },
  y: { type: 'copy' },
  s: { type: 'ask', purpose: 'save' },
  '/': { type: 'ask', purpose: 'search' },
  '&': { type: 'ask', purpose: 'filter' },
  o: { type: 'ask', purpose: 'services' },
}

function onText(text: string, { criteria }: LogsState, now: number): LogsAction | undefined {
  if (text === 'v') {
    const levels = [undefined, ...LEVELS]
    return { type: 'level', level: levels[(levels.indexOf(criteria.level) + 1) % levels.length] }
  }
  if (text === 'r') {
    const { since } = criteria
    const at =
      since === undefined ? 0 : RANGES.findIndex((range) => range !== undefined && now - since < range + MINUTE)
    return { type: 'range', milliseconds: RANGES[(at + 1) % RANGES.length], now }
  }
  return Object.hasOwn(ACTIONS, text) ? ACTIONS[text] : undefined
}
