import { describe, expect, it } from 'vitest'
import { ansiToSvg } from '../../scripts/ansi-svg.ts'

const ESCAPE = '\u001B'
const texts = (svg: string) => svg.split('\n').filter((line) => line.startsWith('<text'))

describe('a screen as a picture', () => {
  it('stands every piece at its column, as wide as its cells, in its colour', () => {
    const svg = ansiToSvg(`${ESCAPE}[32m✔${ESCAPE}[39m ${ESCAPE}[1mweb${ESCAPE}[0m\n`, 10)
    expect(texts(svg)).toMatchInlineSnapshot(`
      [
        "<text x="14" y="27" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#8ccf7e">✔</text>",
        "<text x="30.8" y="27" textLength="25.2" lengthAdjust="spacingAndGlyphs" font-weight="bold">web</text>",
      ]
    `)
  })

  it('a colour goes on over the end of a line, until it is changed', () => {
    const [first, second, third] = texts(ansiToSvg(`${ESCAPE}[31ma\nb${ESCAPE}[0m\nc\n`, 10))
    expect(first).toContain('fill="#')
    expect(second).toContain('fill="#')
    expect(third).not.toContain('fill=')
  })

  it('knows 256 colours, true colours, and papers', () => {
    const svg = ansiToSvg(`${ESCAPE}[38;5;196ma${ESCAPE}[38;2;1;2;3;1mb${ESCAPE}[0;41mc`, 10)
    expect(svg).toContain('fill="rgb(255,0,0)"')
    expect(svg).toContain('fill="rgb(1,2,3)" font-weight="bold"')
    expect(svg).toMatch(/<rect x="30.8" .* width="8.4" /)
  })

  it('takes text as text', () => {
    expect(ansiToSvg('a <b> & c', 10)).toContain('>a &lt;b&gt; &amp; c</text>')
  })
})
