import { useApp, useCursor, usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { DEFAULT_KEYMAP } from '../keymap/index.ts'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import type { ConfigSession, Seen } from './session.ts'
import { configView } from './view/screen.ts'

export interface ConfigPaneProps extends ScreenProps {
  readonly session: ConfigSession
  readonly now: () => Date
  readonly onCopy: Seen['onCopy']
  /** Does work of a program that has the terminal, without what the dashboard has switched on there. */
  readonly without: (work: () => Promise<void>) => Promise<void>
}

/** Lines of the dashboard above the screen. */
const HEAD = 2

/** The config as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function ConfigPane(props: ConfigPaneProps) {
  const { session, now, area, style, without, onCapture, onChange, onCopy, onNotice } = props
  const state = useSyncExternalStore(session.subscribe, session.shown)
  const { suspendTerminal } = useApp()
  session.resize(area)
  usePresses(
    (press) => session.act({ type: 'pressed', press, action: DEFAULT_KEYMAP.actionOf(press, 'config') }),
    () => session.shown().mode.kind !== 'browse',
  )
  usePaste((text) => session.act({ type: 'pasted', text }))
  useEffect(
    () => session.show({ onChange, onCopy, onNotice, lend: (work) => suspendTerminal(() => without(work)) }),
    [session, onChange, onCopy, onNotice, suspendTerminal, without],
  )
  const isCaptured = state.mode.kind !== 'browse'
  useEffect(() => {
    onCapture(isCaptured)
    return () => onCapture(false)
  }, [isCaptured, onCapture])
  const { lines, cursor } = configView(state, area, style, now())
  useCursor().setCursorPosition(cursor === undefined ? undefined : { x: cursor.x, y: cursor.y + HEAD })
  return <PaneText lines={lines} area={area} style={style} />
}
