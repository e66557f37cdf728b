import type { Kind } from './field.ts'

const LINE_BREAKS = /\s*(?:\r\n|\r|\n)\s*/g
/** What no config may hold: C0 but for the tab, DEL, C1. */
const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g

/**
 * What somebody pasted, for a field of one line. A secret keeps every character but line breaks; of other texts the lines
 * are joined, those of a list as its items.
 */
export function pasted(text: string, kind: Kind): string {
  if (kind === 'secret') return text.replace(CONTROLS, '')
  const between = kind === 'list' ? ', ' : ' '
  return text.trim().replace(LINE_BREAKS, between).replaceAll('\t', ' ').replace(CONTROLS, '')
}
