/** What a style or a link that is open is closed by: one bit for each kind. */
const BITS = {
  weight: 1,
  italic: 2,
  underline: 4,
  inverse: 8,
  hidden: 16,
  strike: 32,
  colour: 64,
  ground: 128,
  overline: 256,
}
const LINK = 512

/** The bit of each parameter of SGR that opens something; the negative one of what closes it. */
const SGR: ReadonlyMap<number, number> = new Map([
  ...entries([1, 2], 22, BITS.weight),
  ...entries([3], 23, BITS.italic),
  ...entries([4], 24, BITS.underline),
  ...entries([7], 27, BITS.inverse),
  ...entries([8], 28, BITS.hidden),
  ...entries([9], 29, BITS.strike),
  ...entries([53], 55, BITS.overline),
  ...entries([...range(30, 37), ...range(90, 97)], 39, BITS.colour),
  ...entries([...range(40, 47), ...range(100, 107)], 49, BITS.ground),
])

function entries(opening: readonly number[], closing: number, bit: number): [number, number][] {
  return [...opening.map((code): [number, number] => [code, bit]), [closing, -bit]]
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Beside letters and lines: signs of our own that take one column, and that no emoji begins with. */
const SIGNS = new Set([...'–—‘’“”•…←↑→↓●○◐◌▲▼▶◀▸▾✔✖✓✗⚠'].map((sign) => sign.charCodeAt(0)))

const ESCAPE = 0x1b
const SEQUENCE = /\u001B(?:\[([\d;]*)m|\]8;[^;\u0007\u001B]*;([^\u0007\u001B]*)(?:\u0007|\u001B\\))/y

/**
 * The columns of one line of which each character takes one, and that ends without an open style or link: it may stand beside
 * any other. Undefined for all others.
 */
export function plainWidth(line: string): number | undefined {
  let width = 0
  let open = 0
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at)
    if (isPlain(code)) {
      width += 1
      continue
    }
    if (code !== ESCAPE) return undefined
    SEQUENCE.lastIndex = at
    const [sequence, style, link] = SEQUENCE.exec(line) ?? []
    if (sequence === undefined) return undefined
    const then = style === undefined ? (link === '' ? open & ~LINK : open | LINK) : styled(open, style)
    if (then === undefined) return undefined
    open = then
    at += sequence.length - 1
  }
  return open === 0 ? width : undefined
}

/** The columns of the widest line of a text, as Ink's own `widestLine` counts them, which looks up each character of a plain line as well. */
export function widestBy(widestLine: (text: string) => number): (text: string) => number {
  return (text) => text.split('\n').reduce((widest, line) => Math.max(widest, plainWidth(line) ?? widestLine(line)), 0)
}

function isPlain(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa1 && code <= 0x24f && code !== 0xad) ||
    (code >= 0x2500 && code <= 0x259f) ||
    SIGNS.has(code)
  )
}

/** What is open after a sequence of styles; undefined for one that is not known here, or that closes what is not open. */
function styled(open: number, parameters: string): number | undefined {
  const codes = parameters.split(';').map(Number)
  // A colour by its number or its parts is one opening with parameters of its own.
  const [first = 0] = codes
  if (first === 38) return open | BITS.colour
  if (first === 48) return open | BITS.ground
  let then = open
  for (const code of codes) {
    const bit = SGR.get(code)
    if (bit === undefined || (bit < 0 && (then & -bit) === 0)) return undefined
    then = bit > 0 ? then | bit : then & ~-bit
  }
  return then
}
