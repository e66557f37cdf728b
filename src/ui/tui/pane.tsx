import { Text, useInput } from 'ink'
import { createContext, useContext, useEffect, useEffectEvent } from 'react'
import type { Style } from '../cli/style.ts'
import { eventsOf } from '../wizard/events.ts'
import type { Press } from './reducer.ts'
import { type Area, draw, fill, type Spans } from './view/spans.ts'

/** A screen that reads keys. */
export interface Reader {
  readonly take: (press: Press) => void
  /** What is typed is text of the screen: no key of the dashboard, and no key that a person has changed. */
  readonly isText: () => boolean
}

/** Begins to hand the keys of the dashboard to a screen; the answer ends it. */
export type Attach = (reader: Reader) => () => void

/** The dashboard, for the screens in it. */
export const KeyboardContext = createContext<Attach | undefined>(undefined)

const never = () => false

/** The keys of a screen of its own, one by one, also when they arrive joined. */
export function usePresses(take: (press: Press) => void, isText: () => boolean = never): void {
  const attach = useContext(KeyboardContext)
  const onPress = useEffectEvent(take)
  const readsText = useEffectEvent(isText)
  useEffect(() => attach?.({ take: (press) => onPress(press), isText: () => readsText() }), [attach])
  useInput(
    (input, key) => {
      for (const event of eventsOf(input, key)) if (event.type === 'key' || event.type === 'text') take(event)
    },
    { isActive: attach === undefined },
  )
}

/** Lines in exactly the area, as one text that is already cut: that is what Ink is quick with. */
export function PaneText(props: { readonly lines: readonly Spans[]; readonly area: Area; readonly style: Style }) {
  const { lines, area, style } = props
  const drawn = fill(lines, area.height).map((line) => draw(line, area.width, style))
  // An empty line would have no height.
  return <Text wrap="truncate">{drawn.map((line) => (line === '' ? ' ' : line)).join('\n')}</Text>
}
