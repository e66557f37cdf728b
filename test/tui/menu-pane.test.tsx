import { describe, expect, it, onTestFinished } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import type { Ending } from '../../src/ui/tui/ending.ts'
import { MenuPane, MenuSession, type MenuSource } from '../../src/ui/tui/menu/index.ts'
import type { Outside } from '../../src/ui/tui/state.ts'
import { Tui } from '../../src/ui/tui/Tui.tsx'
import { show } from '../support/ink-harness.tsx'
import { around, FakeSource, NOW, snapshot } from './support.ts'

const idle = {
  subscribe: () => () => undefined,
  phase: () => 'idle' as const,
  ask: () => undefined,
  cancel: () => undefined,
}

function open(isReadOnly = false) {
  const source = new FakeSource()
  const known: MenuSource = {
    home: '/home/anna',
    instances: async () => [
      { name: 'lab', release: null },
      { name: 'trial', release: null },
    ],
    backups: async () => ({ backups: [], damaged: [] }),
  }
  const session = new MenuSession(known)
  const facts = { instance: 'lab', home: '/home/anna', commands: new Set<string>() }
  const asked: unknown[] = []
  const ran: Outside[] = []
  const ended: Ending[] = []
  const shown = show(
    <Tui
      around={{ ...around, isReadOnly, ownScreens: new Set(['menu']) }}
      source={source}
      style={PLAIN}
      screens={{ menu: (props) => <MenuPane {...props} session={session} facts={facts} now={() => NOW} /> }}
      now={() => NOW}
      change={{ ...idle, ask: (request) => void asked.push(request) }}
      onCopy={() => undefined}
      onOutside={async (what) => void ran.push(what)}
      onSuspend={async () => undefined}
      onEnd={(ending) => void ended.push(ending)}
    />,
  )
  onTestFinished(shown.unmount)
  source.tell({ type: 'snapshot', snapshot: snapshot({ state: 'healthy' }) })
  return { ...shown, source, asked, ran, ended }
}

async function opened(isReadOnly = false) {
  const tui = open(isReadOnly)
  await tui.sees('postgres')
  tui.type('m')
  await tui.sees('lab  ● healthy')
  return tui
}

describe('the menu over a screen', () => {
  it('has the keys to itself: what closes it is no key of the screen below', async () => {
    const tui = await opened()
    tui.type('q')
    await tui.sees('Rollback points')
    expect(tui.lines()[1]).toContain('[1 Overview]')
    tui.type('m')
    await tui.sees('Enter choose')
    tui.type('\r')
    await tui.sees('Rollback points')
    expect(tui.lines()[1]).toContain('[1 Overview]')
    expect(tui.ended).toEqual([])
  })

  it('asks for the plan of a change, and shows it', async () => {
    const tui = await opened()
    tui.type('jjj')
    await tui.sees('▸ Stop')
    tui.type('\r')
    await tui.sees('[3 Change]')
    expect(tui.asked).toEqual([{ kind: 'stop', services: [] }])
  })

  it('asks for none where nothing may be changed', async () => {
    const tui = await opened(true)
    tui.type('jjj\r')
    await tui.sees('read-only.')
    expect(tui.asked).toEqual([])
  })

  it('opens another installation, or a new one by its name; letters are text there', async () => {
    const tui = await opened()
    tui.type('\u001B[F')
    await tui.sees('▸ Exit')
    tui.type('kk\r')
    await tui.sees('▸ lab')
    tui.type('jj\r')
    await tui.sees('Name: ')
    tui.type('mq1')
    await tui.sees('Name: mq1')
    tui.type('\r')
    await expect.poll(() => tui.ended).toEqual([{ kind: 'open', instance: 'mq1' }])
  })

  it('Exit leaves, Ctrl-C as everywhere', async () => {
    const tui = await opened()
    tui.type('\u001B[F')
    await tui.sees('▸ Exit')
    tui.type('\r')
    await expect.poll(() => tui.ended).toEqual([{ kind: 'quit' }])
    const other = await opened()
    other.type('\u0003')
    await expect.poll(() => other.ended).toEqual([{ kind: 'quit' }])
  })
})

describe('where nothing is set up', () => {
  const gone = {
    type: 'lost',
    code: 'INSTANCE_NOT_FOUND',
    message: 'There is no instance "lab"',
    hint: 'init',
  } as const

  it('the ways to an instance are offered, with their keys and their commands', async () => {
    const tui = open()
    tui.source.tell(gone)
    await tui.sees('"lab" is not set up yet.')
    const text = tui.lines().join('\n')
    for (const part of ['lab  ○ not set up', 'i  set it up', 'I  import', 'ddalab init -i lab', 'ddalab import -i lab'])
      expect(text).toContain(part)
    tui.type('i')
    await expect.poll(() => tui.ran).toEqual([{ words: ['init'], reads: false, waits: true }])
  })

  it('once it is set up it is shown', async () => {
    const tui = open()
    tui.source.tell(gone)
    await tui.sees('not set up yet')
    tui.source.tell({ type: 'snapshot', snapshot: snapshot() })
    await tui.sees('postgres')
  })

  it('i means nothing where an instance is, and nothing is made from a read-only dashboard', async () => {
    const tui = open(true)
    tui.source.tell(gone)
    await tui.sees('Nothing can be set up here')
    tui.type('i')
    await tui.sees('Nothing can be changed here')
    expect(tui.ran).toEqual([])
  })
})
