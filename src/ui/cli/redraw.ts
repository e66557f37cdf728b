import type { View } from './shell.ts'
import { isTerminal } from './style.ts'

/** A view that, on a terminal, writes over what it wrote before; elsewhere an empty line stands between the pieces. */
export function redrawing<T>(view: View<T>): View<T> {
  let drawn = 0
  return (data, style) => {
    const text = `${view(data, style)}\n`
    const before = drawn === 0 ? '' : isTerminal(style) ? `\u001B[${drawn}A\r\u001B[0J` : '\n'
    drawn = text.split('\n').length - 1
    return before + text
  }
}
