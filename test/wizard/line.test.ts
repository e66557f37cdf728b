import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edit, edit, graphemes, insert, type Line, lineOf, showLine } from '../../src/ui/wizard/line.ts'
import { pasted } from '../../src/ui/wizard/paste.ts'

const FAMILY = '👨‍👩‍👧'
const E_ACUTE = 'e\u0301'

describe('a line', () => {
  it.each([
    ['a letter with a combining accent', `caf${E_ACUTE}`, 'caf'],
    ['a family of emoji', `x${FAMILY}`, 'x'],
    ['a wide letter', '実験', '実'],
    ['a flag', '🇩🇪', ''],
  ])('takes %s for one character', (_what, text, rest) => {
    expect(edit(lineOf(text), 'backspace').text).toBe(rest)
  })

  it('moves over graphemes and deletes before, behind, a word, to the ends', () => {
    const line = edit(edit(lineOf(`a${FAMILY}b`), 'left'), 'left')
    expect(edit(line, 'delete').text).toBe('ab')
    expect(edit(lineOf('one two '), 'deleteWord').text).toBe('one ')
    expect(edit({ text: 'abcd', cursor: 2 }, 'deleteToStart')).toEqual({ text: 'cd', cursor: 0 })
    expect(edit({ text: 'abcd', cursor: 2 }, 'deleteToEnd')).toEqual({ text: 'ab', cursor: 2 })
  })

  it('whatever is done to it, keeps its cursor between two graphemes', () => {
    const edits: readonly Edit[] = ['left', 'right', 'home', 'end', 'backspace', 'delete', 'deleteWord', 'deleteToEnd']
    const step = fc.oneof(
      fc.constantFrom(...edits).map((how) => ({ how })),
      fc
        .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\u0301', '\u200D', '👩', '🇩'))
        .map((text) => ({ text })),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const line = steps.reduce<Line>(
          (now, one) => ('how' in one ? edit(now, one.how) : insert(now, one.text)),
          lineOf(''),
        )
        const parts = graphemes(line.text)
        const ends = [0, ...parts.map((_part, index) => parts.slice(0, index + 1).join('').length)]
        expect(ends).toContain(line.cursor)
      }),
    )
  })

  it('shows what is around its cursor, in as many columns as there are', () => {
    expect(showLine(lineOf('0123456789'), 6)).toEqual({ text: '56789', cursor: 5 })
    expect(showLine({ text: '0123456789', cursor: 2 }, 6)).toEqual({ text: '01234', cursor: 2 })
    expect(showLine(lineOf('実験データ'), 7)).toEqual({ text: 'データ', cursor: 6 })
  })

  it('shows a mask for each grapheme of a secret', () => {
    expect(showLine(lineOf(`p${FAMILY}w`), 20, '•')).toEqual({ text: '•••', cursor: 3 })
  })
})

describe('what is pasted', () => {
  it.each([
    ['text', ' lab.example.org\n', 'lab.example.org'],
    ['text', 'CN=lab,\r\n  DC=example', 'CN=lab, DC=example'],
    ['list', 'one\ntwo\n', 'one, two'],
    ['text', 'a\u001B[31mb\tc', 'a[31mb c'],
    ['secret', '  p\u0061ss "wörd" $1\t#\n', '  pass "wörd" $1\t#'],
  ] as const)('into a %s: %j', (kind, text, expected) => {
    expect(pasted(text, kind)).toBe(expected)
  })
})
