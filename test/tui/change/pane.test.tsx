import { describe, expect, it, onTestFinished } from 'vitest'
import { PLAIN } from '../../../src/ui/cli/style.ts'
import { ChangePane, ChangeSession } from '../../../src/ui/tui/change/index.ts'
import { Tui } from '../../../src/ui/tui/Tui.tsx'
import { show } from '../../support/ink-harness.tsx'
import { around, FakeSource, NOW, STILL, snapshot } from '../support.ts'
import { DONE, FakeChanger, failed, proposed } from './support.ts'

function open(columns: number, rows: number) {
  const source = new FakeSource()
  const changer = new FakeChanger()
  const session = new ChangeSession(changer, STILL)
  const ended = Promise.withResolvers<void>()
  const ran = Promise.withResolvers<readonly string[]>()
  const now = () => NOW
  const tui = show(
    <Tui
      around={{ ...around, ownScreens: new Set(['change']) }}
      source={source}
      style={PLAIN}
      screens={{
        change: (props) => <ChangePane {...props} session={session} commandLine={around.commandLine} now={now} />,
      }}
      change={session}
      now={now}
      onCopy={() => undefined}
      onOutside={async ({ words }) => ran.resolve(words)}
      onSuspend={async () => undefined}
      onEnd={() => ended.resolve()}
    />,
    columns,
    rows,
  )
  onTestFinished(tui.unmount)
  source.tell({ type: 'snapshot', snapshot: snapshot() })
  return { ...tui, changer, ended: ended.promise, ran: ran.promise }
}

describe.each([
  [80, 24],
  [160, 48],
  [40, 12],
])('the Change screen on a terminal of %ix%i', (columns, rows) => {
  it('plans, asks, carries out, undoes and tells', async () => {
    const tui = open(columns, rows)
    await tui.sees('starting 3/4')
    tui.type('d')
    await tui.sees('[ Cancel ]    Go ahead')
    expect(tui.lines()).toHaveLength(rows - 1)
    tui.type('\t')
    await tui.sees('Cancel    [ Go ahead ]')
    tui.type('\r')
    await tui.sees('Preparing')
    tui.type('\u0003')
    await tui.sees('Stopping, then undoing')
    tui.changer.end(failed('INTERRUPTED', 'Cancelled.'))
    await tui.sees('Cancelled: nothing was changed')
    expect(tui.lines()).toHaveLength(rows - 1)
    expect(tui.changer.asked).toEqual(['plan deploy', 'run deploy f1'])
  })
})

describe('the Change screen', () => {
  it('takes the name of the instance as text: no letter of it is a key', async () => {
    const tui = open(80, 24)
    tui.changer.plans.push(proposed({ loss: 'This deletes for good: volume lab_data.' }))
    await tui.sees('starting 3/4')
    tui.type('d')
    await tui.sees('Type lab to agree:')
    tui.type('qd1:?')
    await tui.sees('Type lab to agree: qd1:?')
    tui.type('\u0015lab')
    await tui.sees('Type lab to agree: lab')
    tui.type('\t\r')
    await tui.sees('Preparing')
    tui.changer.end(DONE)
    await tui.sees('Done after')
  })

  it('goes on while other screens are seen, and the dashboard closes when it is done if that was wanted', async () => {
    const tui = open(80, 24)
    await tui.sees('starting 3/4')
    tui.type('d')
    await tui.sees('Go ahead')
    tui.type('\t\r')
    await tui.sees('Preparing')
    tui.type('1')
    await tui.sees('postgres')
    tui.type('\u001A')
    await tui.sees('Ctrl-Z would stop it')
    tui.type('q')
    await tui.sees('What is to become of it?')
    tui.type('jj\r')
    await tui.sees('The dashboard closes when it is done')
    tui.changer.end(DONE)
    await tui.ended
  })

  it('comes back after a shell had the terminal', async () => {
    const tui = open(80, 24)
    await tui.sees('starting 3/4')
    // Joined: the terminal is lent once.
    tui.type('ee')
    expect(await tui.ran).toEqual(['exec', 'api'])
    tui.type('3')
    await tui.sees('[3 Change]')
  })
})
