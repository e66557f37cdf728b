import { useApp, useCursor, usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import type { Keymap } from '../keymap/index.ts'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import type { ConfigSession } from './session.ts'
import { configView } from './view/screen.ts'

export interface ConfigPaneProps extends ScreenProps {
  readonly session: ConfigSession
  readonly keymap: Keymap
  readonly now: () => Date
}

/** Lines of the dashboard above the screen. */
const HEAD = 2

/** The config as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function ConfigPane({ session, keymap, now, area, style, onCapture, onChange, onNotice }: ConfigPaneProps) {
  const state = useSyncExternalStore(session.subscribe, session.shown)
  const { suspendTerminal } = useApp()
  session.resize(area)
  usePresses((press) => session.act({ type: 'pressed', press, action: keymap.actionOf(press, 'config') }))
  usePaste((text) => session.act({ type: 'pasted', text }))
  useEffect(
    () => session.show({ onChange, onNotice, lend: suspendTerminal }),
    [session, onChange, onNotice, suspendTerminal],
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
