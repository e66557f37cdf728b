import { stripVTControlCharacters } from 'node:util'
import { isTerminal, type Style } from './style.ts'

/** C0 but for the tab, DEL, C1: what is left of control sequences when the known ones are out. */
const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g

/**
 * One line that others wrote (the log of a container, the output of a health check). On a terminal it must not move the
 * cursor, set the title or answer questions: control sequences are taken out. A file or a pipe gets it as it is.
 */
export function foreignText(line: string, style: Style): string {
  return isTerminal(style) ? stripVTControlCharacters(line).replace(CONTROLS, '') : line
}
