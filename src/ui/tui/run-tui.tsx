import { writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { render } from 'ink'
import { DdalabError, type Problem, systemCode } from '../../core/errors.ts'
import { formatPlace } from '../cli/errors.ts'
import { SYSTEM_FRAMES } from '../cli/progress/live-progress.ts'
import type { Style } from '../cli/style.ts'
import { ChangePane, type Changer, ChangeSession } from './change/index.ts'
import { type ConfigDesk, ConfigPane, ConfigSession } from './config/index.ts'
import type { Ending } from './ending.ts'
import { EventsPane, EventsSession, type PastSource } from './events/index.ts'
import { keymapOf } from './keymap/index.ts'
import { LogsPane } from './LogsPane.tsx'
import type { LogSource } from './log-source.ts'
import { clipboardSequence } from './logs/index.ts'
import { LogsSession } from './logs-session.ts'
import { MenuPane, MenuSession, type MenuSource } from './menu/index.ts'
import { Mouse, type MouseEvent, mouseReader, tapped } from './mouse/index.ts'
import { stopReading } from './outside.ts'
import type { ReadPreferences } from './preferences/index.ts'
import { type PointSource, RollbackPane, RollbackSession } from './rollback/index.ts'
import type { OwnScreenId, OwnScreens } from './screen-props.ts'
import { ToldScreen } from './screen-reader/index.ts'
import { SCREENS } from './screens.ts'
import { keepHeapSmall } from './small-heap.ts'
import type { Source } from './source.ts'
import type { Outside, Surroundings } from './state.ts'
import { Store } from './store.ts'
import { Tui } from './Tui.tsx'

export interface TuiOptions {
  readonly around: Omit<Surroundings, 'ownScreens' | 'keymap' | 'hasMouse'>
  readonly preferences: ReadPreferences
  /** Changes are told as lines, for those who have them read out. */
  readonly isReadOut: boolean
  readonly source: Source
  readonly logs: LogSource
  readonly points: PointSource
  readonly past: PastSource
  readonly menu: MenuSource
  readonly changer: Changer
  readonly desk: ConfigDesk
  /** Runs one of our own commands on the terminal, which is free until it resolves. */
  readonly outside: (what: Outside) => Promise<void>
  readonly style: Style
  readonly stdin: NodeJS.ReadStream
  /** Where it is drawn; stdout is for data. */
  readonly screen: NodeJS.WriteStream
  readonly now: () => Date
  /** Aborted by SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
}

/**
 * Shows the dashboard until it is left, and gives the terminal back as it was: also after a crash, a signal, and for as long
 * as the program is stopped by Ctrl-Z. Resolves to how it was left. Rejects with the reason of the signal, or with what a component threw.
 */
export async function runTui(options: TuiOptions): Promise<Ending> {
  const { around, source, logs, points, past, style, stdin, screen, now, signal } = options
  keepHeapSmall()
  let left: Ending = { kind: 'quit' }
  const onCopy = (text: string) => void screen.write(clipboardSequence(text))
  const session = new LogsSession({ source: logs, copy: onCopy, save: saveNew })
  const rollback = new RollbackSession(points)
  const events = new EventsSession(past, now)
  const change = new ChangeSession(options.changer, SYSTEM_FRAMES)
  const menu = new MenuSession(options.menu)
  const config = new ConfigSession(options.desk, around.isReadOnly)
  // What a change has written is no draft any more.
  let ended = change.last
  const unfollow = change.subscribe(() => {
    if (change.last === ended) return
    ended = change.last
    if (config.unsaved.get() !== undefined) config.look()
  })
  const { preferences, problems } = options.preferences
  const mouse = new Mouse((sequence) => void screen.write(sequence))
  const without = async <T,>(work: () => Promise<T>) => {
    await stopReading(stdin)
    return mouse.without(work)
  }
  const { commandLine, instance, entries } = around
  const onCommand = (words: string) => onCopy(commandLine(words))
  const facts = { instance, home: options.menu.home, commands: new Set(entries.map(({ words }) => words)) }
  const own: OwnScreens = {
    change: (props) => <ChangePane {...props} session={change} commandLine={commandLine} now={now} />,
    logs: (props) => <LogsPane {...props} session={session} now={now} />,
    rollback: (props) => <RollbackPane {...props} session={rollback} now={now} />,
    config: (props) => <ConfigPane {...props} session={config} now={now} onCopy={onCommand} without={without} />,
    events: (props) => <EventsPane {...props} session={events} onCopy={onCopy} />,
    menu: (props) => <MenuPane {...props} session={menu} facts={facts} now={now} />,
  }
  const listened = events.listening(source)
  const ids: readonly OwnScreenId[] = [...SCREENS.map(({ id }) => id), 'menu']
  const ownScreens = new Set(ids.filter((id) => own[id] !== undefined))
  const told = options.isReadOut
    ? new ToldScreen({ write: (text) => void screen.write(text), now: () => now().getTime() })
    : undefined
  const moves = new Store<MouseEvent | undefined>(undefined)
  const readMouse = mouseReader()
  const keyboard = tapped(stdin, (chunk) => {
    told?.pressed()
    for (const event of readMouse(chunk)) moves.set(event)
  })
  const hand = { want: (isWanted: boolean) => mouse.want(isWanted), events: moves }
  const app = render(
    <Tui
      around={{ ...around, ownScreens, keymap: keymapOf(preferences.keys).keymap, hasMouse: preferences.mouse }}
      source={listened}
      style={style}
      screens={own}
      now={now}
      onCopy={onCopy}
      change={change}
      unsaved={config.unsaved}
      happenings={events.happenings}
      mouse={hand}
      greeting={greetingOf(problems)}
      onShown={(id) => told?.show(id)}
      onOutside={(what) => without(() => options.outside(what))}
      onSuspend={() => without(stopProcess)}
      onEnd={(ending) => {
        left = ending.kind === 'quit' && ending.leaving !== undefined ? { ...ending, change: change.last } : ending
        app.unmount()
      }}
    />,
    {
      stdin: keyboard,
      stdout: told ?? screen,
      stderr: screen,
      exitOnCtrlC: false,
      patchConsole: false,
      alternateScreen: told === undefined,
      debug: told !== undefined,
      interactive: true,
    },
  )
  // Our own handlers of signals and of uncaught errors stand in the place of Ink's.
  const leave = () => {
    mouse.want(false)
    app.unmount()
  }
  /** Nobody is there to be asked: what is under way is undone first, in sight. */
  const undoAndLeave = () => {
    change.cancel()
    void change.settled().then(leave)
  }
  signal.addEventListener('abort', undoAndLeave, { once: true })
  process.prependOnceListener('uncaughtException', leave)
  stdin.once('end', undoAndLeave)
  try {
    await app.waitUntilExit()
  } finally {
    await change.close()
    mouse.want(false)
    unfollow()
    config.close()
    session.close()
    rollback.close()
    signal.removeEventListener('abort', undoAndLeave)
    process.off('uncaughtException', leave)
    stdin.off('end', undoAndLeave)
  }
  signal.throwIfAborted()
  return left
}

/** What is wrong with the preferences: the first of it, where it is, and how much more there is. */
function greetingOf(problems: readonly Problem[]): string | undefined {
  const [first, ...more] = problems
  if (first === undefined) return undefined
  const where = first.place === undefined ? '' : `${formatPlace(first.place)}  `
  return `${where}${first.message}${more.length === 0 ? '' : ` (and ${more.length} more)`}`
}

/** What is there already is left as it is; logs are for their owner. */
async function saveNew(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    await writeFile(path, pieces, { flag: 'wx', mode: 0o600 })
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') throw new DdalabError('FILE_NOT_WRITABLE', `${path} is there already.`)
    throw thrown
  }
}

/** ms for the stop to reach all threads; the rest passes after the continuation. */
const UNTIL_STOPPED = 50

/** Stops the whole job, as the terminal itself does; comes back when the shell continues it (`fg`). */
async function stopProcess(): Promise<void> {
  if (process.platform === 'win32') return
  process.kill(0, 'SIGTSTP')
  await pause(UNTIL_STOPPED)
}
