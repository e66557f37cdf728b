import { useCursor, usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import type { ChangeSession } from './session.ts'
import { phaseOf } from './state.ts'
import { changeView } from './view/screen.ts'

export interface ChangePaneProps extends ScreenProps {
  readonly session: ChangeSession
  /** Words as a whole line for the same instance. */
  readonly commandLine: (words: string) => string
  readonly now: () => Date
}

/** Lines of the dashboard above the screen. */
const HEAD = 2

/** The change as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function ChangePane(props: ChangePaneProps) {
  const { session, commandLine, now, area, style, snapshot, isReadOnly, onCapture } = props
  const { state } = useSyncExternalStore(session.subscribe, session.shown)
  const around = () => ({ snapshot, isReadOnly, commandLine, now: now().getTime() })
  usePresses(
    (press) => session.press(press, changeView(session.shown().state, around(), area, style)),
    () => phaseOf(session.shown().state) === 'naming',
  )
  usePaste((text) => session.paste(text))
  const isNaming = phaseOf(state) === 'naming'
  useEffect(() => {
    onCapture(isNaming)
    return () => onCapture(false)
  }, [isNaming, onCapture])
  const { lines, cursor } = changeView(state, around(), area, style)
  useCursor().setCursorPosition(cursor === undefined ? undefined : { x: cursor.x, y: cursor.y + HEAD })
  return <PaneText lines={lines} area={area} style={style} />
}
