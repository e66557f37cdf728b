import { styleText } from 'node:util'
import type { Environment, Variables } from '../../core/environment.ts'

/** How text is drawn for one stream: a terminal of a size, a dumb one, a file. */
export interface Style {
  readonly colour: boolean
  /** Glyphs beyond ASCII are shown right. */
  readonly unicode: boolean
  /** Columns (80 where a terminal does not tell); Infinity when the text goes to a file or a pipe, where nothing is cut. */
  readonly width: number
  /** The colours; those of the terminal's own theme when left out. */
  readonly palette?: Palette
  /** It is read out: no frames, nothing side by side. */
  readonly isLinear?: boolean
}

/** Parameters of SGR (ECMA-48) that turn a colour on and off: `38;5;28` and `39`. */
export type Colour = readonly [on: string, off: string]

export interface Palette {
  readonly tones: { readonly [tone in Tone]: Colour }
  /** Of things to be told apart. */
  readonly series: readonly [Colour, ...Colour[]]
}

/** The text goes to a terminal: what others wrote must not steer it. */
export function isTerminal(style: Style): boolean {
  return Number.isFinite(style.width)
}

/** Text for files, pipes and tests. */
export const PLAIN: Style = { colour: false, unicode: true, width: Number.POSITIVE_INFINITY }

export type Tone = 'good' | 'bad' | 'warn' | 'note' | 'quiet' | 'strong'

const FORMATS = { good: 'green', bad: 'red', warn: 'yellow', note: 'cyan', quiet: 'dim', strong: 'bold' } as const

/** The text in a tone, when the style has colours. */
export function paint(style: Style, tone: Tone, text: string): string {
  if (style.colour && style.palette !== undefined) return inColour(style.palette.tones[tone], text)
  return style.colour && text !== '' ? styleText(FORMATS[tone], text, { validateStream: false }) : text
}

const SERIES = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'cyanBright', 'yellowBright', 'magentaBright'] as const

/** The text in a colour of its own: that of number `index` in a series of things to be told apart. */
export function paintNth(style: Style, index: number, text: string): string {
  if (style.colour && style.palette !== undefined) {
    const { series } = style.palette
    return inColour(series[index % series.length] ?? series[0], text)
  }
  const colour = SERIES[index % SERIES.length] ?? 'cyan'
  return style.colour ? styleText(colour, text, { validateStream: false }) : text
}

function inColour([on, off]: Colour, text: string): string {
  return text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`
}

const GLYPHS = {
  done: ['✔', 'ok'],
  failed: ['✖', 'x'],
  undone: ['↩', '<'],
  waiting: ['·', '.'],
  running: ['●', '*'],
  partly: ['◐', '~'],
  stopped: ['○', 'o'],
  warning: ['▲', '!'],
  hint: ['→', '->'],
  ellipsis: ['…', '...'],
  rule: ['─', '-'],
  filled: ['█', '#'],
  empty: ['░', '-'],
  masked: ['•', '*'],
} as const

export type Glyph = keyof typeof GLYPHS

/** A sign, or its ASCII stand-in. */
export function glyph(style: Style, name: Glyph): string {
  return GLYPHS[name][style.unicode ? 0 : 1]
}

/** The parts of a Node stream that decide on the style. */
export interface StreamFacts {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** What, beside the stream, decides on the style. */
export interface StyleFacts {
  readonly environment: Pick<Environment, 'isCi' | 'noColor'>
  readonly variables: Variables
  /** --no-color. */
  readonly noColour: boolean
}

/** Never with --no-color, NO_COLOR, TERM=dumb; in CI and off a terminal only with FORCE_COLOR. */
export function wantsColour(stream: StreamFacts, { environment, variables, noColour }: StyleFacts): boolean {
  if (noColour || environment.noColor) return false
  const force = variables.FORCE_COLOR
  if (force !== undefined && force !== '' && force !== '0') return true
  return stream.isTTY === true && !environment.isCi
}

/** A terminal that redraws: no pipe, no dumb terminal, no CI log. */
export function isLive(stream: StreamFacts, { environment, variables }: StyleFacts): boolean {
  return stream.isTTY === true && variables.TERM !== 'dumb' && !environment.isCi
}

export function styleOf(stream: StreamFacts, facts: StyleFacts): Style {
  const { TERM: terminal, LC_ALL, LC_CTYPE, LANG } = facts.variables
  const locale = LC_ALL || LC_CTYPE || LANG
  return {
    colour: wantsColour(stream, facts),
    unicode: terminal !== 'dumb' && terminal !== 'linux' && locale !== 'C' && locale !== 'POSIX',
    width: stream.isTTY === true ? Math.max(stream.columns || 80, 20) : Number.POSITIVE_INFINITY,
  }
}
