import { describe, expect, it, onTestFinished } from 'vitest'
import { PLAIN } from '../../src/ui/cli/style.ts'
import type { ConfigDesk } from '../../src/ui/tui/config/index.ts'
import { ConfigPane, ConfigSession } from '../../src/ui/tui/config/index.ts'
import type { Ending } from '../../src/ui/tui/ending.ts'
import { keymapOf, type OwnKeys } from '../../src/ui/tui/keymap/index.ts'
import type { MouseEvent } from '../../src/ui/tui/mouse/index.ts'
import { Store } from '../../src/ui/tui/store.ts'
import { Tui } from '../../src/ui/tui/Tui.tsx'
import { show } from '../support/ink-harness.tsx'
import { form } from './config-support.ts'
import { around, FakeSource, NOW, snapshot } from './support.ts'

const idle = {
  subscribe: () => () => undefined,
  phase: () => 'idle' as const,
  ask: () => undefined,
  cancel: () => undefined,
}

const fail = () => Promise.reject(new Error('is not asked for here'))

async function open({ keys = {}, greeting }: { readonly keys?: OwnKeys; readonly greeting?: string } = {}) {
  const desk: ConfigDesk = {
    stamp: async () => '1',
    read: async () => form(),
    judge: async () => [],
    reveal: async () => 'what nobody else sees',
    generate: async () => 'made',
    difference: fail,
    save: fail,
    history: fail,
    compare: fail,
    edit: fail,
    openEditor: fail,
  }
  const session = new ConfigSession(desk, false)
  const source = new FakeSource()
  const ended: Ending[] = []
  const copied: string[] = []
  const moves = new Store<MouseEvent | undefined>(undefined)
  const wanted: boolean[] = []
  const shown = show(
    <Tui
      around={{ ...around, ownScreens: new Set(['config']), keymap: keymapOf(keys).keymap }}
      source={source}
      style={PLAIN}
      screens={{
        config: (props) => (
          <ConfigPane
            {...props}
            session={session}
            now={() => NOW}
            onCopy={(words) => void copied.push(words)}
            without={(work) => work()}
          />
        ),
      }}
      now={() => NOW}
      change={idle}
      unsaved={session.unsaved}
      mouse={{ want: (isWanted) => void wanted.push(isWanted), events: moves }}
      greeting={greeting}
      onCopy={() => undefined}
      onOutside={async () => undefined}
      onSuspend={async () => undefined}
      onEnd={(ending) => void ended.push(ending)}
    />,
  )
  onTestFinished(() => {
    shown.unmount()
    session.close()
  })
  source.tell({ type: 'snapshot', snapshot: snapshot() })
  await shown.sees('postgres')
  return { ...shown, session, ended, copied, moves, wanted }
}

async function opened(keys: OwnKeys = {}) {
  const tui = await open({ keys })
  tui.type('5')
  await tui.sees('ddalab, production')
  return tui
}

describe('the config in the dashboard', () => {
  it('takes what is typed as text, also when it arrives joined with its key: no letter of it is a key of the dashboard', async () => {
    const tui = await opened()
    tui.type('/quiet dashboard')
    await tui.sees('/quiet dashboard')
    tui.type('\u001B')
    await tui.sees('template')
    tui.type('/api.port\r\r\u007F9\r')
    await tui.sees('1 draft')
    expect(tui.session.shown().drafts.get('api.port')?.value).toBe(8009)
    expect(tui.ended).toEqual([])
  })

  it('leaving with drafts is a question, wherever one is; they stay when one stays', async () => {
    const tui = await opened()
    tui.type('/api.port\rx')
    await tui.sees('1 draft')
    tui.type('1q')
    await tui.sees('One setting is changed and not saved.')
    tui.type('j\r')
    await tui.sees('1 draft')
    tui.type('\u0003')
    await tui.sees('Not saved')
    tui.type('jj\r')
    await expect.poll(() => tui.ended).toEqual([{ kind: 'quit' }])
  })

  it('a revealed secret is hidden when another screen is shown', async () => {
    const tui = await opened()
    tui.type('/database.password\rv')
    await tui.sees('what nobody else sees')
    tui.type('1')
    await tui.sees('Rollback points')
    tui.type('5')
    await tui.sees('database.password')
    expect(tui.lines().join('\n')).not.toContain('what nobody else sees')
  })

  it('copies the command that does the same; that of a secret asks for it', async () => {
    const tui = await opened()
    tui.type('/auth.mode\r y')
    await expect.poll(() => tui.copied).toEqual(['config set auth.mode=ldap'])
  })

  it('has the keys that a person wants: in a text they are text', async () => {
    const tui = await opened({ 'config.search': ['%'], quit: ['Q'] })
    tui.type('/q')
    tui.type('%Q%/')
    await tui.sees('/Q%/')
    expect(tui.ended).toEqual([])
    tui.type('\u001B')
    await tui.sees('template')
    tui.type('Q')
    await expect.poll(() => tui.ended).toHaveLength(1)
  })
})

describe('the dashboard as a person wants it', () => {
  it('tells what is wrong with the preferences, until the next key', async () => {
    const tui = await open({ greeting: 'config.yml:2:3  tui.theme must be one of auto, dark' })
    await tui.sees('tui.theme must be')
    tui.type('j')
    await tui.sees('Open https://lab.example.org')
  })

  it('clicks and the wheel do what keys do', async () => {
    const tui = await open()
    tui.type('M')
    await expect.poll(() => tui.wanted.at(-1)).toBe(true)
    const row = tui.lines().findIndex((line) => line.includes('postgres'))
    tui.moves.set({ kind: 'click', x: 6, y: row })
    await tui.sees('▸● postgres')
    tui.moves.set({ kind: 'wheel', steps: -1 })
    await tui.sees('▸● api')
    tui.moves.set({ kind: 'click', x: (tui.lines()[1] ?? '').indexOf('5 Config'), y: 1 })
    await tui.sees('ddalab, production')
  })
})
