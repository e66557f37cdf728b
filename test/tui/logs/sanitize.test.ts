import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitize } from '../../../src/ui/tui/logs/sanitize.ts'
import { columns, cut, padded, rowStarts } from '../../../src/ui/tui/logs/width.ts'

/** Written out here once more, on purpose: a hole in the pattern of the code is none here. */
function isForbidden(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0x061c ||
    code === 0xfeff
  )
}

const nasty = fc.constantFrom(
  '\x1B',
  '\x1B[',
  '\x1B]',
  '\x9B',
  '\x9D',
  '\x07',
  '\x1B\\',
  '31m',
  '2J',
  '\t',
  '\u202E',
  '\r',
  '宽',
  '👨‍👩‍👧',
  'e\u0301',
  'a',
  '\0',
)
const anyLine = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.array(nasty, { maxLength: 20 }).map((parts) => parts.join('')),
)

describe('text that others wrote', () => {
  test('whatever the bytes, nothing that steers a terminal is left', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const text = sanitize(line)
        expect([...text].filter(isForbidden)).toEqual([])
        expect(text.isWellFormed()).toBe(true)
        expect(sanitize(text)).toBe(text)
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ['colours', '\x1B[1;31merror\x1B[0m: no', 'error: no'],
    ['colours of 24 bits', '\x1B[38:2::255:0:0mred', 'red'],
    ['a title', '\x1B]0;owned\x07text', 'text'],
    ['the clipboard, ended by ST', 'a\x1B]52;c;ZXZpbA==\x1B\\b', 'ab'],
    ['a title in 8 bits', '\x9D0;owned\x9Ctext', 'text'],
    ['a device string', 'a\x1BPq#0;2\x1B\\b', 'ab'],
    ['a title without an end hides nothing', '\x1B]0;the rest of the line', '0;the rest of the line'],
    ['moves and erasing', 'a\x1B[2J\x1B[1;1Hb\x1B[K', 'ab'],
    ['another character set', '\x1B(0lqk\x1B(B', 'lqk'],
    ['reset', '\x1Bcboom', 'boom'],
    ['a sequence that is cut off', 'text\x1B[38;5', 'text'],
    ['overwriting', 'user=admin\rroot', 'user=adminroot'],
    ['bidirectional overrides', 'a\u202Egnp.exe\u202C', 'agnp.exe'],
    ['half a character', 'a\uD83D', 'a\uFFFD'],
    ['tabs', 'a\tbc\td', 'a       bc      d'],
  ])('%s', (_, line, text) => {
    expect(sanitize(line)).toBe(text)
  })

  test('a line of a million beginnings of sequences, or of tabs, comes to an end', () => {
    for (const part of ['\x1B]', '\x9D', '\x1B[', '\x1BP;', '\x1B[1;', '\x1B', 'a\x1B]0;b']) {
      expect(sanitize(part.repeat(1_000_000)).length).toBeLessThanOrEqual(4_000_000)
    }
    expect(sanitize('\t'.repeat(1_000_000))).toHaveLength(1_000_000)
  })
})

describe('width', () => {
  const text = anyLine.map(sanitize)
  const width = fc.integer({ min: 2, max: 30 })

  test('the rows of a line are the line, and none is wider than the screen', () => {
    fc.assert(
      fc.property(text, width, (line, room) => {
        const starts = rowStarts(line, room, 1_000)
        const rows = starts.map((start, at) => line.slice(start, starts[at + 1] ?? line.length))
        expect(rows.join('')).toBe(line)
        for (const row of rows) {
          expect(row.isWellFormed()).toBe(true)
          expect(columns(row)).toBeLessThanOrEqual(room)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('what is cut fits, what is fitted has exactly the width', () => {
    fc.assert(
      fc.property(text, fc.nat(30), (line, room) => {
        expect(columns(cut(line, room))).toBeLessThanOrEqual(room)
        expect(line.startsWith(cut(line, room))).toBe(true)
        expect(columns(padded(line, room))).toBe(room)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a wide character is not halved', () => {
    expect(cut('a宽b', 2)).toBe('a')
    expect(padded('a宽b', 2)).toBe('a ')
    expect(cut('宽', 1)).toBe('')
    expect(rowStarts('宽宽宽', 5, 10)).toEqual([0, 2])
  })
})
