import { styleText } from 'node:util'
import { styledCharsFromTokens, tokenize } from '@alcalzone/ansi-tokenize'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import InkOutputOfBuild from '../../../node_modules/ink/build/output.js'
import widestLine from '../../../node_modules/ink/node_modules/widest-line/index.js'
import { plainWidth, widestBy } from '../../../src/ui/tui/ink/plain-width.ts'
import { type InkOutput, type InkOutputClass, rowOutput } from '../../../src/ui/tui/ink/row-output.ts'

type Draw = (output: InkOutput) => void

const WIDTH = 20
const HEIGHT = 5
// Its declaration hides the list that it collects.
const Output = InkOutputOfBuild as unknown as InkOutputClass
const RowOutput = rowOutput(Output)

/** The cells of each row: what is in them, and how it looks. */
function cells(rows: string) {
  return rows.split('\n').map((row) => {
    const shown = styledCharsFromTokens(tokenize(row)).map(
      ({ value, styles }) => `${value}${styles.map(({ code }) => code.replaceAll('\u001B', '')).sort()}`,
    )
    while (shown.at(-1) === ' ') shown.pop()
    return shown
  })
}

function drawn(Class: InkOutputClass, draw: Draw) {
  const output = new Class({ width: WIDTH, height: HEIGHT })
  draw(output)
  return output.get()
}

function expectSame(draw: Draw): void {
  const [ours, inks] = [drawn(RowOutput, draw), drawn(Output, draw)]
  expect(cells(ours.output)).toEqual(cells(inks.output))
  expect(ours.height).toBe(inks.height)
}

const style = (format: Parameters<typeof styleText>[0], text: string) =>
  styleText(format, text, { validateStream: false })

const aText = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'Zoë', 'x y', '│──╮', '…', ' ', '  ', '● ok', '\n', 'two\nlines'),
      fc.constantFrom('日本', '👍', '⚠️', 'e\u0301', '\u200B', '\u00AD'),
      fc.constantFrom(
        '\u001B[31m',
        '\u001B[39m',
        '\u001B[0m',
        '\u001B[1;38;5;9m',
        '\u001B]8;;http://a.b\u0007',
        '\u001B]8;;\u0007',
      ),
      fc.constantFrom('red', 'a line\nand another', '').map((text) => style('red', text)),
      fc.constantFrom('strong', '界').map((text) => style(['bold', 'bgBlue'], text)),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''))

const aTransformer = fc.constantFrom(
  (line: string) => style('green', line),
  (line: string, index: number) => `${index}${line}`,
)

const aWrite = fc
  .record({
    x: fc.integer({ min: -2, max: WIDTH }),
    y: fc.integer({ min: -1, max: HEIGHT }),
    text: aText,
    transformers: fc.array(aTransformer, { maxLength: 1 }),
  })
  .map(
    ({ x, y, text, transformers }): Draw =>
      (output) =>
        output.write(x, y, text, { transformers }),
  )

const aBound = fc.option(fc.integer({ min: 0, max: WIDTH }), { nil: undefined })

const aClip = fc
  .record({ x1: aBound, x2: aBound, y1: aBound, y2: aBound, writes: fc.array(aWrite, { maxLength: 3 }) })
  .map(
    ({ writes, ...clip }): Draw =>
      (output) => {
        output.clip(clip)
        for (const write of writes) write(output)
        output.unclip()
      },
  )

describe('the rows of a frame', () => {
  it('look as Ink draws them, whatever lies where', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(aWrite, aClip), { maxLength: 6 }), (draws) => {
        expectSame((output) => {
          for (const draw of draws) draw(output)
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('are made without Ink where plain texts lie beside each other', () => {
    let made = 0
    const Counting = rowOutput(
      class extends Output {
        constructor(size: { readonly width: number; readonly height: number }) {
          super(size)
          made += 1
        }
      },
    )
    const { output } = drawn(Counting, (frame) => {
      frame.write(0, 0, '╭──╮\n│  │\n╰──╯', { transformers: [] })
      frame.write(10, 1, 'right', { transformers: [(line) => style('bold', line)] })
      frame.write(5, 1, style('red', 'mid'), { transformers: [] })
    })
    expect(cells(output)[1]?.length).toBe(15)
    expect(made).toBe(1)
  })
})

describe('the widest line of a text', () => {
  it('is as wide as Ink finds it', () => {
    const widest = widestBy(widestLine)
    fc.assert(
      fc.property(aText, (text) => {
        expect(widest(text)).toBe(widestLine(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('is found without Ink where all lines are plain', () => {
    const widest = widestBy(() => expect.unreachable())
    expect(widest(`╭──╮\n│ ${style('red', '●')} is red │`)).toBe(12)
  })
})

describe('a plain line', () => {
  it('has as many columns as it has characters, and Ink finds as many', () => {
    for (let code = 0x20; code <= 0xffff; code += 1) {
      const sign = String.fromCharCode(code)
      const width = plainWidth(sign)
      if (width !== undefined && (width !== 1 || stringWidth(sign) !== 1)) throw new Error(`U+${code.toString(16)}`)
    }
  })

  it.each([
    ['of styles that are closed', style(['bold', 'red'], 'abc'), 3],
    ['of a colour by its number', '\u001B[38;5;196mabc\u001B[39m', 3],
    ['of a link', '\u001B]8;;http://a.b\u0007abc\u001B]8;;\u0007', 3],
    ['of nothing', '', 0],
    ['that leaves a style open', '\u001B[31mabc', undefined],
    ['that leaves a link open', '\u001B]8;;http://a.b\u0007abc', undefined],
    ['that closes one style of two', '\u001B[1;31mabc\u001B[39m', undefined],
    ['that closes what is not open', 'a\u001B[39mbc', undefined],
    ['that takes back all styles', '\u001B[31mabc\u001B[0m', undefined],
    ['of a style that is not known', '\u001B[73mabc\u001B[75m', undefined],
    ['that moves the cursor', '\u001B[2Kabc', undefined],
    ['of wide characters', '日本', undefined],
    ['of what has no width', 'e\u0301', undefined],
  ])('%s', (_, line, width) => expect(plainWidth(line)).toBe(width))
})
