import type { Edit } from '../../wizard/line.ts'
import type { Level } from './level.ts'
import type { Purpose } from './view-state.ts'

/** What can be done with the view: keys, the palette and the mouse come down to these. */
export type LogsAction =
  /** `f`: on and off. */
  | { readonly type: 'follow' }
  /** `j`, `k`: the cursor, by lines; within a line taller than the screen by rows. */
  | { readonly type: 'move'; readonly lines: number }
  /** Page and half page: 1, -1, 0.5, -0.5. */
  | { readonly type: 'page'; readonly pages: number }
  /** The wheel: the screen by rows, the cursor stays in sight. */
  | { readonly type: 'scroll'; readonly rows: number }
  | { readonly type: 'start' }
  | { readonly type: 'end' }
  /** `h`, `l`: where lines are not wrapped. */
  | { readonly type: 'sideways'; readonly characters: number }
  /** `n`, `N`. */
  | { readonly type: 'match'; readonly direction: 'next' | 'previous' }
  | { readonly type: 'mark' }
  /** Marks all from the mark before the cursor to it. */
  | { readonly type: 'markTo' }
  | { readonly type: 'unmark' }
  | { readonly type: 'toMark'; readonly direction: 'next' | 'previous' }
  | { readonly type: 'wrap' }
  | { readonly type: 'timestamps' }
  | { readonly type: 'services'; readonly services: readonly string[] }
  | { readonly type: 'level'; readonly level: Level | undefined }
  /** The last so many ms, counted from `now`; all without them. */
  | { readonly type: 'range'; readonly milliseconds: number | undefined; readonly now: number }
  /** From and to, ms since 1970. */
  | { readonly type: 'between'; readonly since: number | undefined; readonly until: number | undefined }
  /** `/`, `&`, `o`, `s`: begins to read a text. */
  | { readonly type: 'ask'; readonly purpose: Purpose }
  | { readonly type: 'edit'; readonly how: Edit }
  /** Typed or pasted. */
  | { readonly type: 'type'; readonly text: string }
  /** Plain, pattern, fuzzy. */
  | { readonly type: 'queryMode' }
  | { readonly type: 'inverse' }
  | { readonly type: 'submit' }
  | { readonly type: 'cancel' }
  /** No search, no filter, no range, no level. */
  | { readonly type: 'clear' }
  /** `y`: the marked lines, or the one of the cursor. */
  | { readonly type: 'copy' }
  /** Lines were judged: a search that waits looks again. */
  | { readonly type: 'judged' }
  /** What came of an effect. */
  | { readonly type: 'told'; readonly notice: string | undefined }
