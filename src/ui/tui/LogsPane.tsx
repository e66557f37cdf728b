import { usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { LogsScreen } from './logs/index.ts'
import { logsAction } from './logs-keys.ts'
import type { LogsSession } from './logs-session.ts'
import { usePresses } from './pane.tsx'
import type { ScreenProps } from './screen-props.ts'

export interface LogsPaneProps extends ScreenProps {
  readonly session: LogsSession
  readonly now: () => Date
}

/** The logs as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function LogsPane({ session, now, area, style, service, containers, onCapture }: LogsPaneProps) {
  const { state, version } = useSyncExternalStore(session.subscribe, session.shown)
  session.resize(area)
  usePresses(
    (press) => {
      const action = logsAction(press, session.shown().state, now().getTime())
      if (action !== undefined) session.act(action)
    },
    () => session.shown().state.input !== undefined,
  )
  usePaste((text) => {
    if (session.shown().state.input !== undefined) session.act({ type: 'type', text })
  })
  useEffect(() => session.read(containers), [session, containers])
  useEffect(
    () => session.act({ type: 'services', services: service === undefined ? [] : [service] }),
    [session, service],
  )
  const isTyping = state.input !== undefined
  useEffect(() => {
    onCapture(isTyping)
    return () => onCapture(false)
  }, [isTyping, onCapture])
  return <LogsScreen model={session.model} version={version} state={state} area={area} style={style} />
}
