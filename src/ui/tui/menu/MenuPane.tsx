import { usePaste } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { PaneText, usePresses } from '../pane.tsx'
import type { ScreenProps } from '../screen-props.ts'
import { type MenuDeed, outside } from './deed.ts'
import { menuPress } from './keys.ts'
import { rowsOf } from './rows.ts'
import type { MenuSession } from './session.ts'
import { importWords, isTyping, type MenuFacts, nameComplaint } from './state.ts'
import { menuView } from './view.ts'

export interface MenuPaneProps extends ScreenProps {
  readonly session: MenuSession
  readonly facts: MenuFacts
  readonly now: () => Date
}

/** The menu over a screen: everything that can be done with the instance, for whoever does not know the keys. */
export function MenuPane({ session, facts, now, area, style, snapshot, ...on }: MenuPaneProps) {
  const state = useSyncExternalStore(session.store.subscribe, session.store.get)
  useEffect(() => session.open(), [session])
  const carryOut = (deed: MenuDeed) => {
    switch (deed.kind) {
      case 'screen':
        return on.onScreen(deed.screen)
      case 'change':
        return on.onChange(deed.request)
      case 'outside':
        return on.onOutside(deed.what)
      case 'open':
        return on.onLeave({ kind: 'open', instance: deed.instance })
      case 'quit':
        return on.onLeave({ kind: 'quit' })
      case 'page':
        return session.act({ type: 'page', page: deed.page })
      case 'back':
        return session.act({ type: 'back' })
    }
  }
  usePresses((press) => {
    const present = session.store.get()
    const pressed = menuPress(press, present)
    const rows = rowsOf(present, facts, now())
    switch (pressed?.type) {
      case 'move':
        return session.act({ ...pressed, rows: rows.length })
      case 'back':
        return present.former.length === 0 ? on.onClose() : session.act({ type: 'back' })
      case 'close':
        return on.onClose()
      case 'choose': {
        if (present.page.kind === 'name') {
          if (nameComplaint(present) === undefined) carryOut({ kind: 'open', instance: present.line.text })
          return
        }
        if (present.page.kind === 'import') return carryOut(outside(false, ...importWords(present, facts)))
        const row = rows[present.row]
        return row === undefined ? undefined : carryOut(row.deed)
      }
      case 'edit':
      case 'text':
        return session.act(pressed)
      case undefined:
        return
    }
  })
  usePaste((text) => {
    if (isTyping(session.store.get())) session.act({ type: 'text', text })
  })
  return <PaneText lines={menuView(state, facts, snapshot, area, now(), style)} area={area} style={style} />
}
