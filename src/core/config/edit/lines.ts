import { lineAfter, lineStart } from './slot.ts'

/** The start of the first line that does not belong to a value which ends at `end`. */
export function afterLine(text: string, end: number): number {
  return end > 0 && text[end - 1] === '\n' ? end : lineAfter(text, end)
}

/** Like `afterLine`, but comments below that are indented deeper than `column` belong to the value, too. */
export function extentEnd(text: string, end: number, column: number): number {
  let extent = afterLine(text, end)
  for (let start = extent; start < text.length; start = lineAfter(text, start)) {
    const line = lineAt(text, start)
    const indent = line.search(/\S/)
    if (indent !== -1 && !(line[indent] === '#' && indent > column)) break
    if (indent !== -1) extent = lineAfter(text, start)
  }
  return extent
}

/** The start of the comment lines directly above the line of `start` that are indented by as much. */
export function commentsAbove(text: string, start: number): number {
  const column = start - lineStart(text, start)
  let top = lineStart(text, start)
  while (top > 0) {
    const above = lineStart(text, top - 1)
    const line = lineAt(text, above)
    if (line.search(/\S/) !== column || line[column] !== '#' || MODELINE.test(line)) break
    top = above
  }
  return top
}

/** Instructions to programs stay when the first key goes. */
const MODELINE = /^#(?:!| *yaml-language-server:| *vim?:| *-\*-)/

export function isBlankLine(text: string, start: number): boolean {
  return lineAt(text, start).trim() === ''
}

function lineAt(text: string, start: number): string {
  return text.slice(start, lineAfter(text, start))
}
