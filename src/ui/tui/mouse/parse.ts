/** What a mouse does, as terminals tell it in mode 1006 (SGR). Columns and rows are counted from 0. */
export type MouseEvent =
  | { readonly kind: 'click'; readonly x: number; readonly y: number }
  /** Upwards when negative. */
  | { readonly kind: 'wheel'; readonly steps: -1 | 1 }

const SEQUENCE = /\u001B\[<(\d+);(\d+);(\d+)([Mm])/g
/** The beginning of one that may still come. */
const BEGUN = /\u001B(?:\[(?:<[\d;]*)?)?$/
/** Longer is none: it only looks like one. */
const LONGEST = 24

/** Finds the events of a mouse in what a terminal sends, however it is cut into pieces. */
export function mouseReader(): (chunk: string) => readonly MouseEvent[] {
  let rest = ''
  return (chunk) => {
    const text = rest + chunk
    const [begun = ''] = BEGUN.exec(text) ?? []
    rest = begun.length <= LONGEST ? begun : ''
    return [...text.matchAll(SEQUENCE)].flatMap(([, button = '', column = '', row = '', end]) =>
      eventOf(Number(button), Number(column), Number(row), end === 'M'),
    )
  }
}

const MOTION = 32
const WHEEL = 64

/** Bits 0 and 1 are the button; 2 to 4 Shift, Alt and Ctrl. */
function eventOf(button: number, column: number, row: number, isPressed: boolean): readonly MouseEvent[] {
  const which = button & 0b11
  if (!isPressed || (button & MOTION) !== 0) return []
  if ((button & WHEEL) !== 0) return which > 1 ? [] : [{ kind: 'wheel', steps: which === 0 ? -1 : 1 }]
  return which === 0 ? [{ kind: 'click', x: column - 1, y: row - 1 }] : []
}
