import { useEffect, useSyncExternalStore } from 'react'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import type { Snapshot } from '../source.ts'
import { rollbackPress } from './keys.ts'
import type { RollbackSession } from './session.ts'
import { decide, selectedPoint } from './state.ts'
import { rollbackView } from './view.ts'

export interface RollbackPaneProps extends ScreenProps {
  readonly session: RollbackSession
  readonly now: () => Date
}

/** The rollback points as a screen of the dashboard: keys go to the session, and what it shows onto the screen. */
export function RollbackPane({ session, now, area, style, snapshot, onChange, onNotice }: RollbackPaneProps) {
  const state = useSyncExternalStore(session.store.subscribe, session.store.get)
  const view = rollbackView(state, area, now(), style)
  const seen = keyOf(snapshot)
  useEffect(() => session.look(seen), [session, seen])
  usePresses((press) => {
    const pressed = rollbackPress(press)
    const present = session.store.get()
    switch (pressed?.type) {
      case 'page': {
        const { reach, page } = rollbackView(present, area, now(), style)
        return session.act({ type: 'scroll', lines: pressed.pages * page, reach })
      }
      case 'choose': {
        const decision = decide(present)
        return decision.kind === 'ask' ? onChange(decision.request) : onNotice(decision.text)
      }
      case 'data': {
        const point = selectedPoint(present)
        if (point !== undefined && point.data === null)
          onNotice(`There is no backup of the data of ${point.release.id}.`)
        return session.act({ type: 'data' })
      }
      case 'move':
      case 'zoom':
        return session.act(pressed)
      case 'reload':
        return session.reload()
      case undefined:
        return
    }
  })
  return <PaneText lines={view.lines} area={area} style={style} />
}

/** Changes when there is something new to read in the points: a release, a backup, a change that has ended. */
function keyOf(snapshot: Snapshot | undefined): string {
  if (snapshot === undefined) return ''
  const { release, rollbackPoints, operation } = snapshot.status
  return [release?.id, release?.deployedAt, ...rollbackPoints, operation?.startedAt].join(' ')
}
