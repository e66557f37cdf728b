import stringWidth from 'string-width'

/** Size of a cell, in pixels of the picture. */
const CELL = { width: 8.4, height: 18 }
const PADDING = 14
const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'

const PAPER = '#1b1f27'
const INK = '#d7dae0'
/** The eight colours of a terminal, then their bright ones. */
const COLOURS: readonly string[] = [
  ...['#3b4252', '#f2777a', '#8ccf7e', '#e5c76b', '#67b0e8', '#c47fd5', '#6cbfbf', '#d7dae0'],
  ...['#5c6370', '#ff8f8f', '#a3e596', '#f4d67a', '#7cc5ff', '#d898e6', '#82d5d5', '#ffffff'],
]

interface Look {
  readonly colour?: string | undefined
  readonly paper?: string | undefined
  readonly bold?: boolean
  readonly faint?: boolean
}

interface Piece {
  readonly text: string
  readonly look: Look
}

/** A captured screen, with SGR sequences (ECMA-48 8.3.117) for its colours, as an SVG picture. */
export function ansiToSvg(screen: string, columns: number): string {
  const lines = piecesOf(screen.trimEnd())
  const width = Math.ceil(columns * CELL.width + 2 * PADDING)
  const height = Math.ceil(lines.length * CELL.height + 2 * PADDING)
  const rows = lines.flatMap((pieces, row) => rowOf(pieces, PADDING + row * CELL.height))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>`,
    `<g font-family='${FONT}' font-size="14" fill="${INK}" xml:space="preserve">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** Every piece stands at its column and is as wide as its cells, whatever font there is. */
function rowOf(pieces: readonly Piece[], top: number): readonly string[] {
  let column = 0
  return pieces.flatMap(({ text, look }) => {
    const left = PADDING + column * CELL.width
    const cells = stringWidth(text)
    column += cells
    const size = round(cells * CELL.width)
    const paper =
      look.paper === undefined
        ? []
        : [`<rect x="${round(left)}" y="${top}" width="${size}" height="${CELL.height}" fill="${look.paper}"/>`]
    if (text.trim() === '') return paper
    const attributes = [
      `x="${round(left)}" y="${top + 13}" textLength="${size}" lengthAdjust="spacingAndGlyphs"`,
      ...(look.colour === undefined ? [] : [`fill="${look.colour}"`]),
      ...(look.bold === true ? ['font-weight="bold"'] : []),
      ...(look.faint === true ? ['opacity="0.6"'] : []),
    ]
    return [...paper, `<text ${attributes.join(' ')}>${escapeXml(text)}</text>`]
  })
}

/** Lines of pieces of one look each; a look goes on over the end of a line. */
function piecesOf(screen: string): readonly (readonly Piece[])[] {
  let look: Look = {}
  return screen.split('\n').map((line) =>
    line.split(/(\u001B\[[\d;]*m)/).flatMap((part) => {
      const sequence = /^\u001B\[([\d;]*)m$/.exec(part)
      if (sequence !== null) look = changed(look, (sequence[1] ?? '').split(';').map(Number))
      return sequence !== null || part === '' ? [] : [{ text: part, look }]
    }),
  )
}

function changed(look: Look, [code = 0, ...rest]: readonly number[]): Look {
  const taken = code === 38 || code === 48 ? (rest[0] === 5 ? 2 : 4) : 0
  const next = changedBy(look, code, rest)
  return rest.length > taken ? changed(next, rest.slice(taken)) : next
}

function changedBy(look: Look, code: number, rest: readonly number[]): Look {
  if (code === 0) return {}
  if (code === 1) return { ...look, bold: true }
  if (code === 2) return { ...look, faint: true }
  if (code === 7) return { ...look, colour: look.paper ?? PAPER, paper: look.colour ?? INK }
  if (code === 22) return { ...look, bold: false, faint: false }
  if (code === 27 || code === 39) return { ...look, colour: undefined, ...(code === 27 && { paper: undefined }) }
  if (code === 49) return { ...look, paper: undefined }
  if (code === 38) return { ...look, colour: extended(rest) }
  if (code === 48) return { ...look, paper: extended(rest) }
  const base = code % 10
  if (code >= 30 && code <= 37) return { ...look, colour: COLOURS[base] }
  if (code >= 40 && code <= 47) return { ...look, paper: COLOURS[base] }
  if (code >= 90 && code <= 97) return { ...look, colour: COLOURS[8 + base] }
  if (code >= 100 && code <= 107) return { ...look, paper: COLOURS[8 + base] }
  return look
}

/** `5;n` out of 256, or `2;r;g;b`. */
function extended([kind, ...values]: readonly number[]): string | undefined {
  if (kind === 2) return `rgb(${values.slice(0, 3).join(',')})`
  const [index = 0] = values
  if (index < 16) return COLOURS[index]
  if (index >= 232)
    return `rgb(${Array(3)
      .fill((index - 232) * 10 + 8)
      .join(',')})`
  const level = (digit: number) => (digit === 0 ? 0 : digit * 40 + 55)
  const cube = index - 16
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(',')})`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
