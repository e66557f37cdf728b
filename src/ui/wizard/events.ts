import type { Key as InkKey } from 'ink'
import { type Edit, graphemes } from './line.ts'
import type { Preview, Verdict } from './state.ts'

export type Key =
  | Edit
  | 'enter'
  | 'tab'
  | 'backTab'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'escape'
  | 'offer'
  | 'interrupt'

/** Everything that can happen to a wizard. */
export type Event =
  | { readonly type: 'key'; readonly key: Key }
  /** Typed; one grapheme or several. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'pasted'; readonly text: string }
  | { readonly type: 'looked'; readonly id: string; readonly of: string; readonly verdict: Verdict | undefined }
  | { readonly type: 'previewed'; readonly preview: Preview }
  /** How far the summary can be scrolled, in lines. */
  | { readonly type: 'measured'; readonly reach: number }

/** Control characters, which arrive by themselves or, typed fast, in the middle of text. */
const CONTROLS: { readonly [character: string]: Key } = {
  '\u0001': 'home',
  '\u0003': 'interrupt',
  '\u0004': 'delete',
  '\u0005': 'end',
  '\u0008': 'backspace',
  '\t': 'tab',
  '\n': 'enter',
  '\u000B': 'deleteToEnd',
  '\r': 'enter',
  '\u000E': 'offer',
  '\u0015': 'deleteToStart',
  '\u0017': 'deleteWord',
  '\u001B': 'escape',
  '\u007F': 'backspace',
}

/** What Ink says of one chunk of input, as events; keys that came joined are told one by one. */
export function eventsOf(input: string, key: InkKey): readonly Event[] {
  if (key.eventType === 'release') return []
  const named = namedKey(key)
  if (named !== undefined) return [{ type: 'key', key: named }]
  if (key.ctrl) {
    const control = CONTROLS[String.fromCharCode(input.charCodeAt(0) & 0x1f)]
    return control === undefined ? [] : [{ type: 'key', key: control }]
  }
  // Alt with a letter means nothing here; taken for the letter it would change a password unseen.
  if (key.meta) return []
  return graphemes(input).flatMap(eventsOfText)
}

function eventsOfText(text: string): readonly Event[] {
  const control = CONTROLS[text] ?? (text === '\r\n' ? 'enter' : undefined)
  if (control !== undefined) return [{ type: 'key', key: control }]
  return /^[\u0000-\u001F\u007F-\u009F]/.test(text) ? [] : [{ type: 'text', text }]
}

function namedKey(key: InkKey): Key | undefined {
  if (key.return) return 'enter'
  if (key.tab) return key.shift ? 'backTab' : 'tab'
  if (key.escape) return 'escape'
  if (key.backspace) return key.ctrl || key.meta ? 'deleteWord' : 'backspace'
  if (key.delete) return 'delete'
  if (key.upArrow) return 'up'
  if (key.downArrow) return 'down'
  if (key.leftArrow) return 'left'
  if (key.rightArrow) return 'right'
  if (key.home) return 'home'
  if (key.end) return 'end'
  if (key.pageUp) return 'pageUp'
  if (key.pageDown) return 'pageDown'
  return undefined
}
