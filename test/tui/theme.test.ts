import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { PLAIN, paint, paintNth, type Style } from '../../src/ui/cli/style.ts'
import type { Event } from '../../src/ui/tui/reducer.ts'
import { terminalFacts, themed } from '../../src/ui/tui/theme.ts'
import { frameOf } from '../../src/ui/tui/view/frame.ts'
import { around, figures, given, seen, typed, updated } from './support.ts'

const COLOURED: Style = { ...PLAIN, colour: true }
const SIZE = { columns: 100, rows: 30 }
const STATES = [seen(), updated({ type: 'stats', stats: [figures('api', 12, 4e8)] })]
const LOST = updated({ type: 'lost', code: 'ENGINE_GONE', message: 'The engine has gone away.', hint: undefined })

function frame(events: readonly Event[], style: Style): readonly string[] {
  const { head, body, foot } = frameOf(given(...events), around, SIZE, style)
  return [...head, ...body, ...foot].map((line) => line.trimEnd())
}

describe('what the terminal says of itself', () => {
  it('the background is the last number of COLORFGBG; dark where nothing is said', () => {
    const background = (COLORFGBG?: string) => terminalFacts({ COLORFGBG }).background
    expect([undefined, '', '15;0', '12;8', '0;7', '0;default;15', '0;11', 'x'].map(background)).toEqual([
      ...['dark', 'dark', 'dark', 'dark', 'light', 'light', 'light', 'dark'],
    ])
  })

  it('it has 16 colours unless it says more', () => {
    const colours = (TERM: string, COLORTERM?: string) => terminalFacts({ TERM, COLORTERM }).colours
    expect([
      colours('xterm'),
      colours('xterm-256color'),
      colours('xterm', 'truecolor'),
      colours('xterm-direct'),
    ]).toEqual([16, 256, 256, 256])
  })
})

describe('a theme', () => {
  const dark = terminalFacts({ TERM: 'xterm-256color' })
  const light = terminalFacts({ TERM: 'xterm-256color', COLORFGBG: '0;15' })

  it('auto takes the one for the background', () => {
    expect(themed(COLOURED, 'auto', light)).toEqual(themed(COLOURED, 'light', dark))
    expect(themed(COLOURED, 'auto', dark)).toEqual(themed(COLOURED, 'dark', light))
  })

  it('never brings colours where nobody wants them, and mono has none', () => {
    for (const theme of ['auto', 'dark', 'light', 'mono'] as const) {
      expect(paint(themed(PLAIN, theme, dark), 'bad', 'x')).toBe('x')
    }
    expect(paintNth(themed(COLOURED, 'mono', dark), 3, 'x')).toBe('x')
  })

  it('light uses neither yellow nor cyan of the 16 colours: they cannot be read on white', () => {
    const style = themed(COLOURED, 'light', { background: 'light', colours: 16 })
    const tones = (['good', 'bad', 'warn', 'note', 'quiet', 'strong'] as const).map((tone) => paint(style, tone, 'x'))
    const series = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => paintNth(style, index, 'x'))
    expect([...tones, ...series].join('')).not.toMatch(/\u001B\[(?:33|36|93|96)m/)
  })

  it.each([
    ['dark', 16],
    ['dark', 256],
    ['light', 16],
    ['light', 256],
    ['mono', 256],
  ] as const)(
    '%s with %d colours says the same in the same places: no state is told by its colour alone',
    (theme, colours) => {
      const style = themed(COLOURED, theme, { background: 'dark', colours })
      for (const events of [STATES, [...STATES, LOST], [...STATES, ...typed('?')], [...STATES, ...typed(':con')]]) {
        const drawn = frame(events, style)
        expect(drawn.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(
          frame(events, PLAIN).map(stripVTControlCharacters),
        )
        expect(drawn.join('').includes('\u001B[38;5;')).toBe(colours === 256 && theme !== 'mono')
      }
    },
  )

  it('states differ in their signs, also in ASCII', () => {
    for (const unicode of [true, false]) {
      const rows = frame(STATES, { ...PLAIN, unicode }).filter((line) => /running|starting/.test(line))
      expect(new Set(rows.map((row) => /[●◐*~]/.exec(row)?.[0])).size).toBe(2)
    }
  })
})
