import { describe, expect, it, onTestFinished } from 'vitest'
import type { ServiceLogLine } from '../../src/core/actions/logs.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { ChangeSession } from '../../src/ui/tui/change/index.ts'
import { LogsPane } from '../../src/ui/tui/LogsPane.tsx'
import { LogsSession } from '../../src/ui/tui/logs-session.ts'
import { Tui } from '../../src/ui/tui/Tui.tsx'
import { show } from '../support/ink-harness.tsx'
import { around, FakeSource, NO_CHANGER, NOW, STILL, snapshot } from './support.ts'

const line = (service: string, second: number, text: string): ServiceLogLine => ({
  service,
  container: `lab-${service}-1`,
  containerId: service,
  stream: 'stdout',
  timestamp: `2026-03-01T11:00:${String(second).padStart(2, '0')}.000000000Z`,
  line: text,
})

function open() {
  const source = new FakeSource()
  const copied: string[] = []
  const session = new LogsSession({
    source: {
      watch: async (take) =>
        take([
          line('api', 1, 'ready'),
          line('web', 2, 'an error'),
          line('api', 3, 'a quick error'),
          line('api', 4, 'end'),
        ]),
    },
    copy: (text) => copied.push(text),
    save: async () => undefined,
  })
  let hasEnded = false
  const shown = show(
    <Tui
      around={{ ...around, ownScreens: new Set(['logs']) }}
      source={source}
      style={PLAIN}
      screens={{ logs: (props) => <LogsPane {...props} session={session} now={() => NOW} /> }}
      change={new ChangeSession(NO_CHANGER, STILL)}
      onOutside={async () => undefined}
      now={() => NOW}
      onCopy={() => undefined}
      onSuspend={async () => undefined}
      onEnd={() => {
        hasEnded = true
      }}
    />,
  )
  onTestFinished(shown.unmount)
  source.tell({ type: 'snapshot', snapshot: snapshot() })
  return { ...shown, copied, hasEnded: () => hasEnded }
}

describe('the logs in the dashboard', () => {
  it('come when their screen is opened, of all services or of the one at the cursor', async () => {
    const tui = open()
    await tui.sees('postgres')
    tui.type('2')
    await tui.sees('an error')
    expect(tui.lines()).toHaveLength(23)
    tui.type('1')
    await tui.sees('Rollback points')
    tui.type('\r')
    await tui.sees('3 of 4 lines')
    expect(tui.lines().join('\n')).not.toContain('an error')
  })

  it('are searched; what is typed is no key of the dashboard, also when it arrives in one piece', async () => {
    const tui = open()
    await tui.sees('postgres')
    tui.type('2')
    await tui.sees('FOLLOW')
    tui.type('/quick')
    await tui.sees('1 found')
    tui.type('q')
    await tui.sees('quickq')
    tui.type('\u007F')
    tui.type('\r')
    await tui.sees('1 of 1')
    tui.type('y')
    await tui.sees('Copied the line.')
    await expect.poll(() => tui.copied.join()).toContain('a quick error')
    expect(tui.hasEnded()).toBe(false)
    tui.type('q')
    await expect.poll(tui.hasEnded).toBe(true)
  })
})
