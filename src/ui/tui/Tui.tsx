import { Box, Text, useApp, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { useCallback, useEffect, useReducer, useSyncExternalStore } from 'react'
import type { Style } from '../cli/style.ts'
import { eventsOf } from '../wizard/events.ts'
import type { ChangeRequest } from './change/request.ts'
import type { ChangeSession } from './change/session.ts'
import type { Ending } from './ending.ts'
import { type Event, reduce } from './reducer.ts'
import type { OwnScreens } from './screen-props.ts'
import type { ScreenId } from './screens.ts'
import type { Snapshot, Source } from './source.ts'
import { initialState, type Outside, type State, type Surroundings } from './state.ts'
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
  /** Called once. */
  readonly onEnd: (ending: Ending) => void
}

/** The dashboard on a terminal: keys and what the source tells go into the reducer, its state onto the screen. */
export function Tui(props: TuiProps) {
  const { around, source, style, screens, change, now, onCopy, onOutside, onSuspend, onEnd } = props
  const [state, dispatch] = useReducer(
    (before: State, event: Event) => reduce(before, event, around),
    now(),
    initialState,
  )
  const { asked, cancelled, copied, ending, outside, overlay, screen, about, snapshot } = state
  const { suspendTerminal } = useApp()
  const size = useWindowSize()
  const phase = useSyncExternalStore(change.subscribe, change.phase)
  useInput((input, key) => {
    if (key.ctrl && input === 'z') void suspendTerminal(onSuspend)
    // A search that arrives in one piece with its `/` is for the screen alone, before it can say that it reads text.
    if (overlay === undefined && screen !== 'change' && screens[screen] !== undefined && /[/&s]./.test(input)) return
    for (const event of eventsOf(input, key)) if (event.type === 'key' || event.type === 'text') dispatch(event)
  })
  usePaste((text) => dispatch({ type: 'pasted', text }))
  useEffect(() => {
    const stop = new AbortController()
    void source.watch((update) => dispatch({ type: 'updated', update, at: now() }), stop.signal)
    return () => stop.abort()
  }, [source, now])
  useEffect(() => {
    if (copied.times > 0) onCopy(copied.text)
  }, [copied, onCopy])
  useEffect(() => dispatch({ type: 'phase', phase }), [phase])
  useEffect(() => {
    if (asked.request !== undefined) change.ask(asked.request)
  }, [asked, change])
  useEffect(() => {
    if (cancelled > 0) change.cancel()
  }, [cancelled, change])
  useEffect(() => {
    const { what } = outside
    if (what !== undefined) void suspendTerminal(() => onOutside(what))
  }, [outside, onOutside, suspendTerminal])
  useEffect(() => {
    if (ending !== undefined) onEnd(ending)
  }, [ending, onEnd])
  const onCapture = useCallback((isCaptured: boolean) => dispatch({ type: 'captured', isCaptured }), [])
  const onChange = useCallback((request: ChangeRequest) => dispatch({ type: 'asked', request }), [])
  const onNotice = useCallback((text: string) => dispatch({ type: 'noticed', text }), [])
  const runOutside = useCallback((what: Outside) => dispatch({ type: 'outside', what }), [])
  const onScreen = useCallback((id: ScreenId) => dispatch({ type: 'screen', id }), [])
  const onClose = useCallback(() => dispatch({ type: 'closed' }), [])
  const onLeave = useCallback((how: Ending) => dispatch({ type: 'left', ending: how }), [])

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
