import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import type { BackupList } from '../../src/core/actions/backup/list.ts'
import { PLAIN } from '../../src/ui/cli/style.ts'
import { menuPress } from '../../src/ui/tui/menu/keys.ts'
import { rowsOf } from '../../src/ui/tui/menu/rows.ts'
import {
  importWords,
  type MenuAction,
  type MenuFacts,
  type MenuState,
  nameComplaint,
  reduceMenu,
  START,
} from '../../src/ui/tui/menu/state.ts'
import { menuView } from '../../src/ui/tui/menu/view.ts'
import { draw } from '../../src/ui/tui/view/spans.ts'
import { NOW, snapshot, typed } from './support.ts'

const facts: MenuFacts = { instance: 'lab', home: '/home/anna', commands: new Set(['status', 'self update']) }
const KNOWN = [
  { name: 'lab', release: { id: 'r-0042', version: '2.4.1', deployedAt: '2026-03-01T10:00:00Z' } },
  { name: 'trial', release: null },
]
const BACKUPS: BackupList = {
  backups: [
    {
      ...{
        format: 1,
        id: 'b-20260228-120000',
        at: '2026-02-28T12:00:00Z',
        by: 'anna',
        command: 'ddalab backup create',
      },
      ...{ reason: 'by hand', release: 'r-0042', version: '2.4.1', recipients: [], parts: [], verified: null },
    },
  ],
  damaged: [],
}

const instances: MenuAction = { type: 'instances', instances: { kind: 'loaded', value: KNOWN } }
const given = (...actions: readonly MenuAction[]): MenuState => actions.reduce(reduceMenu, START)
const deeds = (state: MenuState, about = facts) => rowsOf(state, about, NOW).map(({ title, deed }) => [title, deed])
const screen = (state: MenuState, width = 79, height = 19, about = facts): string =>
  menuView(state, about, snapshot({ state: 'healthy' }), { width, height }, NOW, PLAIN)
    .map((line) => draw(line, width, PLAIN))
    .join('\n')

describe('the menu', () => {
  it('has everything of the menu of DDALAB-launcher', () => {
    const titles = rowsOf(given(instances), facts, NOW).map(({ title }) => title)
    for (const title of [
      ...['Start', 'Stop', 'Restart', 'Status', 'Logs', 'Deploy', 'Edit configuration', 'Installations'],
      ...['Back up the data', 'Update', 'Updates of ddalab', 'Uninstall', 'Exit'],
    ])
      expect(titles).toContain(title)
  })

  it('looks for updates of the program only where the program can do that', () => {
    expect(deeds(given(instances))).toContainEqual([
      'Updates of ddalab',
      { kind: 'outside', what: { words: ['self', 'update', '--check'], reads: true, waits: true } },
    ])
    const without = deeds(given(instances), { ...facts, commands: new Set() })
    expect(without.map(([title]) => title)).not.toContain('Updates of ddalab')
  })

  it('shows a live dot', () => {
    expect(screen(given(instances))).toContain('lab  ● healthy  2.4.1')
    expect(screen(given(instances), 79, 19, { ...facts, instance: 'new' })).toContain('new  ○ not set up')
  })

  it('changes nothing by itself: changes go to their plan', () => {
    for (const [, deed] of deeds(given(instances)))
      if (typeof deed === 'object') expect(['screen', 'change', 'outside', 'page', 'quit']).toContain(deed.kind)
  })

  it('of an instance that is not there offers to set it up and to import', () => {
    const rows = deeds(given(instances), { ...facts, instance: 'new' })
    expect(rows.slice(0, 2)).toEqual([
      ['Set up', { kind: 'outside', what: { words: ['init'], reads: false, waits: true } }],
      ['Import', { kind: 'page', page: { kind: 'import' } }],
    ])
    expect(rows.map(([title]) => title)).not.toContain('Stop')
  })
})

describe('import', () => {
  it.each([
    ['', ['import']],
    ['~/DDALAB-setup', ['import', '/home/anna/DDALAB-setup']],
    ['/srv/my lab', ['import', '/srv/my lab']],
    ['ddalab-setup', ['import', '--project', 'ddalab-setup']],
  ])('of "%s": a path, a project, or the usual places', (text, words) => {
    const state = given({ type: 'page', page: { kind: 'import' } }, { type: 'text', text })
    expect(importWords(state, facts)).toEqual(words)
    expect(screen(state)).toContain(`ddalab ${words.join(' ')}`)
  })
})

describe('uninstall', () => {
  it('asks first what is to go, and the row that the cursor begins at does nothing', () => {
    const state = given(instances, { type: 'page', page: { kind: 'uninstall' } })
    expect(state.row).toBe(0)
    expect(deeds(state)).toEqual([
      ['Back', { kind: 'back' }],
      ['Keep the data', { kind: 'change', request: { kind: 'destroy', volumes: false } }],
      ['Delete the data', { kind: 'change', request: { kind: 'destroy', volumes: true } }],
    ])
  })
})

describe('installations', () => {
  it('the others can be switched to, and a new one gets a name', () => {
    const state = given(instances, { type: 'page', page: { kind: 'instances' } })
    expect(deeds(state)).toEqual([
      ['lab', { kind: 'back' }],
      ['trial', { kind: 'open', instance: 'trial' }],
      ['New installation', { kind: 'page', page: { kind: 'name' } }],
    ])
    expect(screen(state)).toMatch(/▸ lab +2\.4\.1, 2h ago; this one/)
    expect(screen(state)).toMatch(/trial +nothing was deployed/)
  })

  it('a name has to be one, and free', () => {
    const named = (text: string) => given(instances, { type: 'page', page: { kind: 'name' } }, { type: 'text', text })
    expect(nameComplaint(named(''))).toContain('Type a name')
    expect(nameComplaint(named('Ümlaut'))).toContain('Small letters')
    expect(nameComplaint(named('trial'))).toBe('There is "trial" already.')
    expect(nameComplaint(named('trial-2'))).toBeUndefined()
    expect(screen(named('trial-2'))).toContain('Name: trial-2▏')
  })
})

describe('backups', () => {
  const listed = given(
    instances,
    { type: 'page', page: { kind: 'backups' } },
    { type: 'backups', backups: { kind: 'loaded', value: BACKUPS } },
  )

  it('are made, and listed with whether they were checked', () => {
    expect(deeds(listed)[0]).toEqual(['Make a backup', { kind: 'change', request: { kind: 'backup' } }])
    expect(screen(listed)).toMatch(/b-20260228-120000 {2}1d ago, of 2\.4\.1, 0 B, not checked yet/)
  })

  it('one is checked or put back, with what is lost by that; Esc goes back to the list', () => {
    const one = reduceMenu(listed, { type: 'page', page: { kind: 'backup', backup: 'b-20260228-120000' } })
    expect(deeds(one)).toEqual([
      ['Back', { kind: 'back' }],
      [
        'Check it',
        { kind: 'outside', what: { words: ['backup', 'verify', 'b-20260228-120000'], reads: false, waits: true } },
      ],
      ['Put it back', { kind: 'change', request: { kind: 'backup-restore', backup: 'b-20260228-120000' } }],
    ])
    expect(screen(one)).toContain('What was written since 2026-02-28')
    expect(reduceMenu(one, { type: 'back' }).page).toEqual({ kind: 'backups' })
  })

  it('that cannot be listed say why', () => {
    const failed = { kind: 'failed', message: 'Permission denied.', hint: undefined, problems: [] } as const
    expect(screen(reduceMenu(listed, { type: 'backups', backups: failed }))).toContain('Permission denied.')
  })
})

it.each([
  [79, 19],
  [159, 43],
  [39, 7],
])('fits into %i columns and %i lines, the cursor in sight', (width, height) => {
  const rows = rowsOf(given(instances), facts, NOW).length
  for (let steps = 0; steps < rows; steps += 1) {
    const text = screen(given(instances, { type: 'move', steps, rows }), width, height)
    expect(text.split('\n')).toHaveLength(height)
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    expect(text).toContain('▸')
  }
})

it('keys: move, choose, back, close; while a name is typed letters are letters', () => {
  const pressed = (keys: string, kind: 'main' | 'name' | 'import') =>
    typed(keys).map((press) =>
      press.type === 'key' || press.type === 'text' ? menuPress(press, { page: { kind } })?.type : undefined,
    )
  expect(pressed('jk\r\u001Bmq', 'main')).toEqual(['move', 'move', 'choose', 'back', 'close', 'close'])
  expect(pressed('mq\r', 'import')).toEqual(['text', 'text', 'choose'])
  expect(pressed('mq\u007F\r\u001B', 'name')).toEqual(['text', 'text', 'edit', 'choose', 'back'])
})
