import type { Variables } from '../../core/environment.ts'
import type { Colour, Palette, Style, Tone } from '../cli/style.ts'
import type { ThemeName } from './preferences/index.ts'

/** What the terminal says of itself. */
export interface TerminalFacts {
  readonly background: 'dark' | 'light'
  /** How many colours it surely has. */
  readonly colours: 16 | 256
}

/** Terminals that set COLORFGBG name their background last: 7 and 9 to 15 are light (as rxvt has it). */
export function terminalFacts({ COLORFGBG, COLORTERM, TERM }: Variables): TerminalFacts {
  const background = Number(COLORFGBG?.split(';').at(-1) || Number.NaN)
  const isLight = background === 7 || (background >= 9 && background <= 15)
  const has256 = /truecolor|24bit/i.test(COLORTERM ?? '') || /256colou?r|direct/.test(TERM ?? '')
  return { background: isLight ? 'light' : 'dark', colours: has256 ? 256 : 16 }
}

/** The style in a theme. `auto` takes the one that fits the background. A style without colours stays without. */
export function themed(style: Style, theme: ThemeName, { background, colours }: TerminalFacts): Style {
  if (theme === 'mono' || !style.colour) return { ...style, colour: false }
  const palette = PALETTES[theme === 'auto' ? background : theme][colours]
  return palette === undefined ? style : { ...style, palette }
}

const FOREGROUND = '39'
const indexed = (number: number): Colour => [`38;5;${number}`, FOREGROUND]
const plain = (number: number): Colour => [String(number), FOREGROUND]
const STRONG: Colour = ['1', '22']
const DIM: Colour = ['2', '22']

const tones = (good: Colour, bad: Colour, warn: Colour, note: Colour, quiet: Colour): { [tone in Tone]: Colour } => ({
  ...{ good, bad, warn, note, quiet },
  strong: STRONG,
})

/** Contrast is at least 4.5 to 1 (WCAG 2) on black, and on white. The 16 are the terminal's own: for a dark one, as they are. */
const PALETTES: { readonly [background in 'dark' | 'light']: { readonly [colours in 16 | 256]: Palette | undefined } } =
  {
    dark: {
      16: undefined,
      256: {
        tones: tones(indexed(78), indexed(203), indexed(221), indexed(81), indexed(246)),
        series: [
          indexed(81),
          indexed(221),
          indexed(78),
          indexed(176),
          indexed(111),
          indexed(123),
          indexed(229),
          indexed(213),
        ],
      },
    },
    light: {
      16: {
        // Yellow and cyan cannot be read on white.
        tones: tones(plain(32), plain(31), plain(35), plain(34), DIM),
        series: [plain(34), plain(35), plain(32), plain(31)],
      },
      256: {
        tones: tones(indexed(22), indexed(124), indexed(94), indexed(25), indexed(241)),
        series: [
          indexed(25),
          indexed(94),
          indexed(22),
          indexed(90),
          indexed(18),
          indexed(30),
          indexed(52),
          indexed(54),
        ],
      },
    },
  }
