import stringWidth from 'string-width'

/** Letters that take one column each and never join: no segmenting needed. */
const SIMPLE = /^[\x20-\x7E\u00A1-\u00AC\u00AE-\u02FF]*$/
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Code units; no character a person sees is longer. */
const LONGEST_GRAPHEME = 64

/** Columns of a text that was sanitized. */
export function columns(text: string): number {
  if (SIMPLE.test(text)) return text.length
  let width = 0
  for (const { segment } of GRAPHEMES.segment(text)) width += graphemeColumns(segment)
  return width
}

/** A grapheme takes one cell or two, whatever was piled on it; on its own, a joiner or an accent takes one at most. */
function graphemeColumns(grapheme: string): number {
  return Math.min(2, stringWidth(grapheme))
}

/** Where the part of `text` ends that starts at `from` and fits into `width` columns. At least one grapheme, so that callers get on. */
export function endOfRow(text: string, from: number, width: number): number {
  const simple = text.slice(from, from + width + 1)
  if (SIMPLE.test(simple)) return from + Math.min(simple.length, width)
  const part = text.slice(from, from + width * 4 + LONGEST_GRAPHEME)
  let taken = 0
  let end = from
  let start = from
  for (const { segment } of GRAPHEMES.segment(part)) {
    taken += graphemeColumns(segment)
    if (taken > width && end > from) return end
    start = end
    end += segment.length
  }
  // The last grapheme of the part may be half of one; a pile of accents longer than that is cut, between two characters.
  if (from + part.length < text.length && start > from) return start
  return isHalf(text, end) ? end + 1 : end
}

/** The offset is in the middle of a character of two code units. */
export function isHalf(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset)
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff
}

/** The offsets at which rows of at most `width` columns start; `most` rows at most. */
export function rowStarts(text: string, width: number, most: number): readonly number[] {
  const starts = [0]
  for (let end = endOfRow(text, 0, width); end < text.length && starts.length < most; ) {
    starts.push(end)
    end = endOfRow(text, end, width)
  }
  return starts
}

/** As much of the text as fits into `width` columns; a wide character is not halved. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  const end = endOfRow(text, 0, width)
  const part = text.slice(0, end)
  return columns(part) > width ? '' : part
}

/** Cut or filled with spaces to exactly `width` columns. */
export function padded(text: string, width: number): string {
  const part = cut(text, width)
  return part + ' '.repeat(Math.max(0, width - columns(part)))
}
