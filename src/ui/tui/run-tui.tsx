import { setTimeout as pause } from 'node:timers/promises'
import { render } from 'ink'
import type { Style } from '../cli/style.ts'
import type { OwnScreens } from './screen-props.ts'
import { SCREENS } from './screens.ts'
import type { Source } from './source.ts'
import type { Surroundings } from './state.ts'
import { Tui } from './Tui.tsx'

export interface TuiOptions {
  readonly around: Omit<Surroundings, 'ownScreens'>
  readonly source: Source
  readonly style: Style
  readonly stdin: NodeJS.ReadStream
  /** Where it is drawn; stdout is for data. */
  readonly screen: NodeJS.WriteStream
  readonly now: () => Date
  /** Aborted by SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
}

/** Screens that are components of their own: each has a folder here. */
const OWN: OwnScreens = {}

/**
 * Shows the dashboard until it is left, and gives the terminal back as it was: also after a crash, a signal, and for as long
 * as the program is stopped by Ctrl-Z. Rejects with the reason of the signal, or with what a component threw.
 */
export async function runTui({ around, source, style, stdin, screen, now, signal }: TuiOptions): Promise<void> {
  const ownScreens = new Set(SCREENS.map(({ id }) => id).filter((id) => OWN[id] !== undefined))
  const app = render(
    <Tui
      around={{ ...around, ownScreens }}
      source={source}
      style={style}
      screens={OWN}
      now={now}
      onCopy={(text) => void screen.write(toClipboard(text))}
      onSuspend={stopProcess}
      onEnd={() => app.unmount()}
    />,
    {
      stdin,
      stdout: screen,
      stderr: screen,
      exitOnCtrlC: false,
      patchConsole: false,
      alternateScreen: true,
      interactive: true,
    },
  )
  // Our own handlers of signals and of uncaught errors stand in the place of Ink's.
  const leave = () => app.unmount()
  signal.addEventListener('abort', leave, { once: true })
  process.prependOnceListener('uncaughtException', leave)
  stdin.once('end', leave)
  try {
    await app.waitUntilExit()
  } finally {
    signal.removeEventListener('abort', leave)
    process.off('uncaughtException', leave)
    stdin.off('end', leave)
  }
  signal.throwIfAborted()
}

/** OSC 52. */
function toClipboard(text: string): string {
  return `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`
}

/** ms for the stop to reach all threads; the rest passes after the continuation. */
const UNTIL_STOPPED = 50

/** Stops the whole job, as the terminal itself does; comes back when the shell continues it (`fg`). */
async function stopProcess(): Promise<void> {
  if (process.platform === 'win32') return
  process.kill(0, 'SIGTSTP')
  await pause(UNTIL_STOPPED)
}
