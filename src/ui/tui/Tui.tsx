import { Box, Text, useApp, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { useCallback, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react'
import type { Style } from '../cli/style.ts'
import { eventsOf } from '../wizard/events.ts'
import type { ChangeRequest } from './change/request.ts'
import type { ChangeSession } from './change/session.ts'
import { isUnderWay } from './change/state.ts'
import type { Ending } from './ending.ts'
import type { Happening } from './events/index.ts'
import type { MouseEvent } from './mouse/index.ts'
import { KeyboardContext, type Reader } from './pane.tsx'
import { type Event, type Press, reduce } from './reducer.ts'
import type { OwnScreens } from './screen-props.ts'
import type { ScreenId } from './screens.ts'
import type { Snapshot, Source } from './source.ts'
import { initialState, type Outside, type Surroundings } from './state.ts'
import { Store } from './store.ts'
import { type Frame, frameOf, isTooSmall } from './view/frame.ts'

export interface TuiProps {
  readonly around: Surroundings
  readonly source: Source
  readonly style: Style
  readonly screens: OwnScreens
  readonly now: () => Date
  /** Puts a text into the clipboard of the terminal. */
  readonly onCopy: (text: string) => void
  /** The change that is planned or under way. */
  readonly change: Pick<ChangeSession, 'subscribe' | 'phase' | 'ask' | 'cancel'>
  /** Runs one of our own commands on the terminal, which is free until it resolves. */
  readonly onOutside: (what: Outside) => Promise<void>
  /** Ctrl-Z: the terminal is the shell's until it resolves. */
  readonly onSuspend: () => Promise<void>
  /** What would be lost by leaving, in words. */
  readonly unsaved?: Watched<string | undefined>
  /** What has happened, newest first. */
  readonly happenings?: Watched<readonly Happening[]>
  /** Told on and off by a key. */
  readonly mouse?: { readonly want: (isWanted: boolean) => void; readonly events: Watched<MouseEvent | undefined> }
  /** Told which screen is seen. */
  readonly onShown?: ((screen: ScreenId) => void) | undefined
  /** What is told when it opens. */
  readonly greeting?: string | undefined
  /** Called once. */
  readonly onEnd: (ending: Ending) => void
}

/** A value outside the components. */
export interface Watched<T> {
  readonly subscribe: (listener: () => void) => () => void
  readonly get: () => T
}

const NOTHING: Watched<undefined> = { subscribe: () => () => undefined, get: () => undefined }
/** Lines that a wheel moves. */
const WHEEL = 3

/** The dashboard on a terminal: keys and what the source tells go into the reducer, its state onto the screen. */
export function Tui(props: TuiProps) {
  const { around, source, style, screens, change, now, onCopy, onOutside, onSuspend, onEnd } = props
  const [store] = useState(() => new Store(initialState(now(), around)))
  const dispatch = useCallback((event: Event) => store.set(reduce(store.get(), event, around)), [store, around])
  const state = useSyncExternalStore(store.subscribe, store.get)
  const { asked, cancelled, copied, ending, outside, overlay, screen, about, snapshot, hasMouse } = state
  const { suspendTerminal } = useApp()
  const onNotice = useCallback((text: string) => dispatch({ type: 'noticed', text }), [dispatch])
  const isLent = useRef(false)
  /** To one program at a time: keys that arrive joined may ask for two. */
  const lend = useCallback(
    async (work: () => Promise<void>) => {
      if (isLent.current) return
      isLent.current = true
      await suspendTerminal(work).finally(() => {
        isLent.current = false
      })
    },
    [suspendTerminal],
  )
  const size = useWindowSize()
  const phase = useSyncExternalStore(change.subscribe, change.phase)
  useInput((input, key) => {
    // It would stop in the middle of its work, with us.
    if (key.ctrl && input === 'z' && isUnderWay(phase)) onNotice('A change is under way: Ctrl-Z would stop it, too.')
    else if (key.ctrl && input === 'z') void lend(onSuspend)
    for (const event of eventsOf(input, key)) if (event.type === 'key' || event.type === 'text') press(event)
  })
  const reader = useRef<Reader>(undefined)
  const attach = useCallback((own: Reader) => {
    reader.current = own
    return () => {
      if (reader.current === own) reader.current = undefined
    }
  }, [])
  /** Of keys that arrive joined each one is judged by what the one before has brought about. */
  const press = (typed: Press) => {
    const before = store.get()
    const isUp = before.screen === screen && (before.overlay === undefined || before.overlay.kind === 'menu')
    const own = isUp ? reader.current : undefined
    const isText = own?.isText() === true || before.overlay !== undefined
    const meant = isText ? typed : around.keymap.meant(typed, screen)
    if (meant === undefined) return
    const isOwnText = own?.isText() === true && !(meant.type === 'key' && meant.key === 'interrupt')
    // The dashboard first: a notice that the screen gives then stays, and what closes the menu is no key of the screen below.
    if (!isOwnText) dispatch(meant)
    own?.take(meant)
  }
  usePaste((text) => dispatch({ type: 'pasted', text }))
  useEffect(() => {
    const stop = new AbortController()
    void source.watch((update) => dispatch({ type: 'updated', update, at: now() }), stop.signal)
    return () => stop.abort()
  }, [source, now, dispatch])
  useEffect(() => {
    if (copied.times > 0) onCopy(copied.text)
  }, [copied, onCopy])
  useEffect(() => dispatch({ type: 'phase', phase }), [phase, dispatch])
  useEffect(() => {
    if (asked.request !== undefined) change.ask(asked.request)
  }, [asked, change])
  useEffect(() => {
    if (cancelled > 0) change.cancel()
  }, [cancelled, change])
  useEffect(() => {
    const { what } = outside
    if (what !== undefined) void lend(() => onOutside(what))
  }, [outside, onOutside, lend])
  const unsaved = useSyncExternalStore(props.unsaved?.subscribe ?? NOTHING.subscribe, props.unsaved?.get ?? NOTHING.get)
  useEffect(() => dispatch({ type: 'unsaved', text: unsaved }), [unsaved, dispatch])
  const happenings = useSyncExternalStore(
    props.happenings?.subscribe ?? NOTHING.subscribe,
    props.happenings?.get ?? NOTHING.get,
  )
  useEffect(() => dispatch({ type: 'happened', happenings: happenings ?? [] }), [happenings, dispatch])
  const { mouse, greeting, onShown } = props
  useEffect(() => onShown?.(screen), [onShown, screen])
  useEffect(() => mouse?.want(hasMouse), [mouse, hasMouse])
  useEffect(() => {
    if (greeting !== undefined) dispatch({ type: 'noticed', text: greeting })
  }, [greeting, dispatch])
  const onMouse = useEffectEvent((event: MouseEvent | undefined) => {
    if (event?.kind === 'wheel') {
      for (let line = 0; line < WHEEL; line += 1) press({ type: 'key', key: event.steps > 0 ? 'down' : 'up' })
    }
    const on = event?.kind === 'click' ? frame.hitAt(event.x, event.y) : undefined
    if (on !== undefined) dispatch({ type: 'clicked', on })
  })
  useEffect(() => mouse?.events.subscribe(() => onMouse(mouse.events.get())), [mouse])
  useEffect(() => {
    if (ending !== undefined) onEnd(ending)
  }, [ending, onEnd])
  const onCapture = useCallback((isCaptured: boolean) => dispatch({ type: 'captured', isCaptured }), [dispatch])
  const onChange = useCallback((request: ChangeRequest) => dispatch({ type: 'asked', request }), [dispatch])
  const runOutside = useCallback((what: Outside) => dispatch({ type: 'outside', what }), [dispatch])
  const onScreen = useCallback((id: ScreenId) => dispatch({ type: 'screen', id }), [dispatch])
  const onClose = useCallback(() => dispatch({ type: 'closed' }), [dispatch])
  const onLeave = useCallback((how: Ending) => dispatch({ type: 'left', ending: how }), [dispatch])

  const frame = frameOf(state, around, size, style)
  const above = overlay === undefined ? screens[screen] : overlay.kind === 'menu' ? screens.menu : undefined
  const own = isTooSmall(size) ? undefined : above
  if (own === undefined) {
    return (
      <>
        <Cursor at={frame.cursor} />
        <Text>{[...frame.head, ...frame.body, ...frame.foot].map(visible).join('\n')}</Text>
      </>
    )
  }
  return (
    <KeyboardContext value={attach}>
      <Box flexDirection="column">
        <Text>{frame.head.map(visible).join('\n')}</Text>
        {own({
          area: frame.area,
          style,
          service: about,
          containers: running(snapshot),
          snapshot,
          isReadOnly: around.isReadOnly,
          onCapture,
          onChange,
          onNotice,
          onOutside: runOutside,
          onScreen,
          onClose,
          onLeave,
        })}
        <Text>{frame.foot.map(visible).join('\n')}</Text>
      </Box>
    </KeyboardContext>
  )
}

/** The cursor of the terminal; a screen of its own places it itself. */
function Cursor({ at }: { readonly at: Frame['cursor'] }) {
  useCursor().setCursorPosition(at)
  return null
}

function running(snapshot: Snapshot | undefined): string {
  const containers = snapshot?.status.services.flatMap((service) => service.containers) ?? []
  return containers.map(({ id, startedAt }) => `${id} ${startedAt}`).join('\n')
}

/** An empty line would have no height. */
const visible = (line: string) => (line === '' ? ' ' : line)
