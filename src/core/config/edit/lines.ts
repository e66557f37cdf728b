/** Where the line starts in which the offset is. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The start of the line after the one in which the offset is; the length of the text when there is none. */
export function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

/** Where the text of a line ends whose next line starts at `after`. */
export function lineEnd(text: string, after: number): number {
  if (text[after - 1] !== '\n') return after
  return text[after - 2] === '\r' ? after - 2 : after - 1
}

/** The start of the first line that does not belong to a value which ends at `end`: a block of text ends with its line. */
export function afterLine(text: string, end: number): number {
  return end > 0 && text[end - 1] === '\n' ? end : lineAfter(text, end)
}

/** Like `afterLine`, but comments below that are indented deeper than `column` belong to the value, too. */
export function extentEnd(text: string, end: number, column: number): number {
  let extent = afterLine(text, end)
  for (let start = extent; start < text.length; start = lineAfter(text, start)) {
    const { indent, first } = lineAt(text, start)
    if (first !== '' && !(first === '#' && indent > column)) break
    if (first !== '') extent = lineAfter(text, start)
  }
  return extent
}

/** The end of the blank lines that start at `start`. */
export function afterBlankLines(text: string, start: number): number {
  let end = start
  while (isBlankLine(text, end)) end = lineAfter(text, end)
  return end
}

/** The start of the comments directly above the line of `start` that are indented like it. */
export function commentsAbove(text: string, start: number): number {
  const own = lineStart(text, start)
  let top = own
  while (top > 0) {
    const above = lineStart(text, top - 1)
    const { indent, first } = lineAt(text, above)
    if (first !== '#' || indent !== start - own) return top
    top = above
  }
  // A comment with which the file starts is about the file.
  return own === 0 ? 0 : own
}

/** True for a line of white space; not for the end of the text. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && lineAt(text, start).first === ''
}

/** True when nothing but white space is before the offset on its line. */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === ''
}

/** True when nothing but white space and a comment follows on the line. */
export function endsLine(text: string, offset: number): boolean {
  return /^(?:\s*$|\s+#)/.test(text.slice(offset, lineAfter(text, offset)))
}

/** True when the lines from `start` on cannot be read as the rest of a block of text that is indented deeper than `column`. */
export function endsBlocks(text: string, start: number, column: number): boolean {
  for (let line = start; line < text.length; line = lineAfter(text, line)) {
    const { indent, first } = lineAt(text, line)
    if (indent > column) return false
    if (first !== '') return true
  }
  return true
}

/** The spaces (and tabs) before the first other character of a line, and that character; '' for a blank line. */
function lineAt(text: string, start: number): { readonly indent: number; readonly first: string } {
  let at = start
  while (text[at] === ' ' || text[at] === '\t') at++
  const first = text[at] ?? ''
  return { indent: at - start, first: first === '\n' || (first === '\r' && text[at + 1] === '\n') ? '' : first }
}
