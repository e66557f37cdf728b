/** Nearly every line of a log: nothing in it needs a look. */
const PRINTABLE_ASCII = /^[\x20-\x7E]*$/

/**
 * Strings with an end (OSC, DCS, SOS, PM, APC): what is in them is never text. Without an end only their start goes, so that
 * nothing is hidden by leaving it out. No class holds what begins a match: a line of a million beginnings takes no longer.
 */
const CONTROL_STRINGS =
  /(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x18\x1A\x1B\x90\x98\x9C-\x9F]*(?:\x07|\x1B\\|\x9C|\x18|\x1A)/g
/** CSI with all it may carry (colours are one of them), then the other escapes, of which an end may be cut off. */
const CONTROL_SEQUENCES = /(?:\x1B\[|\x9B)[\x30-\x3F]*[\x20-\x2F]*[\x40-\x7E]?|\x1B[\x20-\x2F]*[\x30-\x7E]?/g

/**
 * What may not stay: C0 but for the tab, DEL, C1; what is not seen (soft hyphens, spaces and joiners of no width, variation
 * selectors, marks, tags), which terminals give different widths; controls of bidirectional text, which let a line
 * read as another; line separators; what Unicode never assigns.
 */
const UNSEEN =
  /[\0-\x08\x0A-\x1F\x7F-\x9F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\uFDD0-\uFDEF\uFFFE\uFFFF]|[\uFE00-\uFE0F]|[\u{E0000}-\u{E01EF}]/gu

const TAB = 8
/** More tabs than a table has: they no longer align anything, and would make the line eight times as long. */
const MOST_TABS = 1_000

/**
 * A line that others wrote, as text that a terminal only shows: no control sequences, no control characters, no bidirectional
 * controls, well-formed, tabs as spaces. Colours of the program are dropped: here, colours tell levels, services and matches.
 */
export function sanitize(line: string): string {
  if (PRINTABLE_ASCII.test(line)) return line
  const text = withoutControls(line.toWellFormed())
  return text.includes('\t') ? withoutTabs(text) : text
}

function withoutControls(line: string): string {
  const text =
    line.includes('\x1B') || /[\x80-\x9F]/.test(line)
      ? line.replace(CONTROL_STRINGS, '').replace(CONTROL_SEQUENCES, '')
      : line
  return text.replace(UNSEEN, '')
}

/** Tab stops are counted in characters; behind a wide one they are off by one, which no table in a log minds. */
function withoutTabs(text: string): string {
  const cells = text.split('\t')
  if (cells.length > MOST_TABS) return cells.join(' ')
  let column = 0
  return cells
    .map((cell, index) => {
      column += cell.length
      if (index === cells.length - 1) return cell
      const spaces = TAB - (column % TAB)
      column += spaces
      return cell + ' '.repeat(spaces)
    })
    .join('')
}
