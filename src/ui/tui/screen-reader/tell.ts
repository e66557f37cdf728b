import { stripVTControlCharacters } from 'node:util'

/** A line that the cursor is on begins so, here and on all screens in ASCII. */
const POINTER = /^\s*>\s?/
/** Figures, with their units: they change all the time. */
const FIGURE = /\d[\d.,]*\s?(?:%|[kMGTP]?B(?:\/s)?|ms|[smhd]\b)?/g

/**
 * What there is to say when a screen changes: the lines that were not there before, without ornament. Of a line that the
 * cursor has left there is nothing to say. Unless it is the answer to a key, or a log, lines that differ in figures alone are
 * the same: they would be told without end. Pure.
 */
export function tell(before: readonly string[], after: readonly string[], isExact: boolean): readonly string[] {
  const same = (line: string) => (isExact ? line : line.replaceAll(FIGURE, '#'))
  const known = new Set(before.flatMap((line) => [same(line), same(line.replace(POINTER, ''))]))
  return after.filter((line) => !known.has(same(line)))
}

/** The lines of a frame as they are told: no colours, no columns, no empty ones. */
export function spoken(frame: string): readonly string[] {
  return stripVTControlCharacters(frame)
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
}
