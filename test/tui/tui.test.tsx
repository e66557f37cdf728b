import { Text } from 'ink'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { ChangeSession } from '../../src/ui/tui/change/index.ts'
import type { OwnScreens, ScreenProps } from '../../src/ui/tui/screen-props.ts'
import { Tui } from '../../src/ui/tui/Tui.tsx'
import { show } from '../support/ink-harness.tsx'
import { around, FakeSource, figures, NO_CHANGER, NOW, STILL, snapshot } from './support.ts'

function Logs({ area, service }: ScreenProps) {
  return <Text>{[`${area.width}x${area.height} ${service}`, ...Array(area.height - 1).fill(' ')].join('\n')}</Text>
}

function open(columns = 80, rows = 24, screens: OwnScreens = {}) {
  const source = new FakeSource()
  const copied: string[] = []
  const suspended = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const shown = show(
    <Tui
      around={{ ...around, ownScreens: new Set(screens.logs === undefined ? [] : ['logs']) }}
      source={source}
      style={PLAIN}
      screens={screens}
      change={new ChangeSession(NO_CHANGER, STILL)}
      onOutside={async () => undefined}
      now={() => NOW}
      onCopy={(text) => copied.push(text)}
      onSuspend={async () => suspended.resolve()}
      onEnd={() => ended.resolve()}
    />,
    columns,
    rows,
  )
  onTestFinished(shown.unmount)
  return { ...shown, source, copied, suspended: suspended.promise, ended: ended.promise }
}

describe('the dashboard', () => {
  it('shows a frame before anything is known, and what the source tells as it comes', async () => {
    const tui = open()
    await tui.sees('Looking at what runs')
    tui.source.tell({ type: 'snapshot', snapshot: snapshot() })
    await tui.sees('starting 3/4')
    tui.source.tell({ type: 'stats', stats: [figures('api', 12.34, 410_000_000)] })
    await tui.sees('12.3%')
    const operation = { command: 'ddalab deploy', startedAt: NOW.toISOString(), interrupted: false }
    tui.source.tell({ type: 'snapshot', snapshot: snapshot({ operation }) })
    await tui.sees('under way: ddalab deploy')
  })

  it('keeps what was seen while the engine is gone, says so, and is live again when it is back', async () => {
    const tui = open()
    tui.source.tell({ type: 'snapshot', snapshot: snapshot() })
    await tui.sees('postgres')
    tui.source.tell({ type: 'lost', code: 'ENGINE_GONE', message: 'The engine has gone away.', hint: undefined })
    await tui.sees('The engine has gone away.')
    expect(tui.lines().join('\n')).toContain('postgres')
    tui.source.tell({ type: 'snapshot', snapshot: snapshot({ state: 'healthy' }) })
    await tui.sees('● healthy')
  })

  it('takes keys that arrive joined, and copies the command that was found', async () => {
    const tui = open()
    await tui.sees('Looking')
    tui.type(':roll\ry')
    await tui.sees('Sent to the clipboard: ddalab rollback -i lab')
    expect(tui.copied).toEqual(['ddalab rollback -i lab'])
  })

  it('takes a paste into the palette, and nowhere else', async () => {
    const tui = open()
    await tui.sees('Looking')
    tui.type('\u001B[200~qqq\u001B[201~')
    tui.type(':')
    await tui.sees('Commands')
    tui.type('\u001B[200~status\u001B[201~')
    await tui.sees(': status')
  })

  it('fits whatever size the terminal gets, also many in a row', async () => {
    const tui = open()
    tui.source.tell({ type: 'snapshot', snapshot: snapshot() })
    for (let columns = 30; columns < 130; columns += 7) tui.resize(columns, 40)
    tui.resize(30, 8)
    await tui.sees('Too small: 30x8')
    tui.resize(160, 48)
    await tui.sees('Instance')
  })

  it('Ctrl-Z suspends; q and Ctrl-C leave, and the source is stopped', async () => {
    const tui = open()
    await tui.sees('Looking')
    tui.type('\u001A')
    await tui.suspended
    tui.type('q')
    await tui.ended
    tui.unmount()
    expect(tui.source.isStopped).toBe(true)
    const other = open()
    await other.sees('Looking')
    other.type('\u0003')
    await other.ended
  })

  it('a screen of its own gets the room between head and foot, and the service of the cursor', async () => {
    const tui = open(80, 24, { logs: (props) => <Logs {...props} /> })
    tui.source.tell({ type: 'snapshot', snapshot: snapshot() })
    await tui.sees('postgres')
    tui.type('j\r')
    await tui.sees('79x19 grafana')
    expect(tui.lines()).toHaveLength(23)
    tui.type('?')
    await tui.sees('this help')
  })
})
