import { usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import { eventsPress } from './keys.ts'
import type { EventsSession } from './session.ts'
import { chosenIn, commandOf } from './state.ts'
import { eventsView } from './view.ts'

export interface EventsPaneProps extends ScreenProps {
  readonly session: EventsSession
  readonly onCopy: (text: string) => void
}

/** The events as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function EventsPane({ session, area, style, onCapture, onNotice, onCopy }: EventsPaneProps) {
  const state = useSyncExternalStore(session.store.subscribe, session.store.get)
  const { isTyping } = state
  useEffect(() => {
    session.show(true)
    return () => session.show(false)
  }, [session])
  useEffect(() => {
    onCapture(isTyping)
    return () => onCapture(false)
  }, [isTyping, onCapture])
  usePresses(
    (press) => {
      const present = session.store.get()
      const pressed = eventsPress(press, present)
      if (pressed?.type === 'page') {
        const { page, reach } = eventsView(present, area, style)
        const by = pressed.pages * page
        session.act(present.isOpen ? { type: 'scroll', lines: by, reach } : { type: 'move', steps: by })
      } else if (pressed?.type === 'copy') {
        const command = commandOf(chosenIn(present)?.activity)
        onNotice(command === '' ? 'This event has no command.' : `Sent to the clipboard: ${command}`)
        if (command !== '') onCopy(command)
      } else if (pressed !== undefined) session.act(pressed)
    },
    () => session.store.get().isTyping,
  )
  usePaste((text) => {
    if (session.store.get().isTyping) session.act({ type: 'text', text })
  })
  return <PaneText lines={eventsView(state, area, style).lines} area={area} style={style} />
}
