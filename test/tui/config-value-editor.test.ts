import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { editRows, pasteRows, type RowKey, showRows } from '../../src/ui/tui/config/value-editor.ts'
import { EMPTY, graphemes, insert, type Line, lineOf } from '../../src/ui/wizard/line.ts'

const KEYS: readonly RowKey[] = [
  ...(['left', 'right', 'home', 'end', 'up', 'down', 'offer'] as const),
  ...(['backspace', 'delete', 'deleteWord', 'deleteToStart', 'deleteToEnd'] as const),
]
const someText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('日本語', 'e\u0301', '👩‍👩‍👧', 'a\nb', ''))
const steps = fc.array(
  fc.oneof(
    fc.constantFrom(...KEYS),
    someText.map((typed) => ({ typed })),
    someText.map((pasted) => ({ pasted })),
  ),
  {
    maxLength: 30,
  },
)

function played(all: readonly (RowKey | { typed: string } | { pasted: string })[]): Line {
  return all.reduce<Line>((line, step) => {
    if (typeof step === 'string') return editRows(line, step)
    return 'typed' in step ? insert(line, step.typed) : pasteRows(line, step.pasted)
  }, EMPTY)
}

describe('the editor of a value', () => {
  it('keeps the cursor between two characters, whatever is typed and pasted', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const line = played(all)
        expect(graphemes(line.text.slice(0, line.cursor)).length + graphemes(line.text.slice(line.cursor)).length).toBe(
          graphemes(line.text).length,
        )
      }),
    )
  })

  it('shows rows that fit, with the cursor in them', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 6 }), (all, width, height) => {
        const { rows, cursor } = showRows(played(all), width, height)
        expect(rows.length).toBeLessThanOrEqual(height)
        expect(cursor.y).toBeLessThan(rows.length)
        expect(cursor.x).toBeLessThan(width)
        for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('moving changes no text, and Home and End stay in their row', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom<RowKey>('up', 'down', 'home', 'end', 'left', 'right'), (all, key) => {
        const line = played(all)
        expect(editRows(line, key).text).toBe(line.text)
      }),
    )
    expect(editRows({ text: 'ab\ncd', cursor: 4 }, 'home').cursor).toBe(3)
    expect(editRows({ text: 'ab\ncd', cursor: 0 }, 'end').cursor).toBe(2)
  })

  it('a paste of several lines stays several lines, without what steers a terminal', () => {
    expect(pasteRows(lineOf('x'), 'a\r\nb\u001B[31m\u0007\r\n').text).toBe('xa\nb[31m')
  })

  it('a masked value shows as many signs as it has characters, and none of them', () => {
    fc.assert(
      fc.property(someText, (secret) => {
        const { rows } = showRows(lineOf(secret), 200, 50, '•')
        expect(rows.join('')).toBe('•'.repeat(graphemes(secret.replaceAll('\n', '')).length))
      }),
    )
  })
})
