import { Text, useInput } from 'ink'
import type { Style } from '../cli/style.ts'
import { eventsOf } from '../wizard/events.ts'
import type { Press } from './reducer.ts'
import { type Area, draw, fill, type Spans } from './view/spans.ts'

/** The keys of a screen of its own, one by one, also when they arrive joined. */
export function usePresses(take: (press: Press) => void): void {
  useInput((input, key) => {
    for (const event of eventsOf(input, key)) if (event.type === 'key' || event.type === 'text') take(event)
  })
}

/** Lines in exactly the area, as one text that is already cut: that is what Ink is quick with. */
export function PaneText(props: { readonly lines: readonly Spans[]; readonly area: Area; readonly style: Style }) {
  const { lines, area, style } = props
  const drawn = fill(lines, area.height).map((line) => draw(line, area.width, style))
  // An empty line would have no height.
  return <Text wrap="truncate">{drawn.map((line) => (line === '' ? ' ' : line)).join('\n')}</Text>
}
