import { describe, expect, it } from 'vitest'
import { KEPT, push, record, sparkline } from '../../src/ui/tui/history.ts'
import { findEntries } from '../../src/ui/tui/palette.ts'
import { reduce } from '../../src/ui/tui/reducer.ts'
import { screenAfter } from '../../src/ui/tui/screens.ts'
import { around, figures, given, NOW, STATUS, seen, service, typed, updated } from './support.ts'

const LOST = { type: 'lost', code: 'ENGINE_GONE', message: 'The engine is gone.', hint: undefined } as const

describe('screens', () => {
  it('1 to 6 choose one, Tab goes round, also when keys arrive joined', () => {
    expect(given(...typed('4')).screen).toBe('rollback')
    expect(given(...typed('6\t')).screen).toBe('overview')
    expect(given(...typed('\t\t')).screen).toBe('change')
    expect(screenAfter('overview', -1)).toBe('events')
  })

  it('a key that means nothing changes nothing', () => {
    expect(given(...typed('7ü0x'))).toEqual(given())
  })

  it('a screen that reads text keeps its keys; Ctrl-C leaves all the same', () => {
    const state = given(...typed('2'), { type: 'captured', isCaptured: true }, ...typed('q1:?'))
    expect(state).toMatchObject({ screen: 'logs', overlay: undefined, ending: undefined })
    expect(reduce(state, { type: 'key', key: 'interrupt' }, around).ending).toEqual({ kind: 'quit' })
  })
})

describe('the cursor', () => {
  it('moves with j and k, and stops at the ends', () => {
    expect(given(seen()).selected).toBe('api')
    expect(given(seen(), ...typed('jj')).selected).toBe('postgres')
    expect(given(seen(), ...typed('jjjjjjjjj')).selected).toBe('web')
    expect(given(seen(), ...typed('jkkk')).selected).toBe('api')
  })

  it('stays with its service when others come and go', () => {
    const services = [service('aaa'), ...STATUS.services]
    expect(given(seen(), ...typed('jj'), seen({ services })).selected).toBe('postgres')
    expect(given(seen(), ...typed('jj'), seen({ services: [service('web')] })).selected).toBe('web')
  })

  it('Enter opens the logs of its service', () => {
    expect(given(seen(), ...typed('j\r'))).toMatchObject({ screen: 'logs', selected: 'grafana' })
  })
})

describe('the palette', () => {
  it('finds a command by any of its letters, the nearest first', () => {
    const found = (query: string) => findEntries(around.entries, query).map(({ words }) => words)
    expect(found('cfgsh')).toEqual(['config show'])
    expect(found('dep')[0]).toBe('deploy')
    expect(found('earlier')).toEqual(['rollback'])
    expect(found('xyz')).toEqual([])
    expect(found('')).toHaveLength(5)
  })

  it('shows the command that does the same, and y copies it', () => {
    const chosen = given(seen(), ...typed(':get\r'))
    expect(chosen.overlay).toMatchObject({ kind: 'command', command: 'ddalab config get SETTING -i lab' })
    const [press] = typed('y')
    const copied = press === undefined ? chosen : reduce(chosen, press, around)
    expect(copied.copied).toEqual({ text: 'ddalab config get SETTING -i lab', times: 1 })
    expect(copied.overlay).toBeUndefined()
  })

  it('takes a paste as one line without control characters', () => {
    const state = given(...typed(':'), { type: 'pasted', text: 'con\u001B[2Jfig\r\n' })
    expect(state.overlay).toMatchObject({ kind: 'palette', line: { text: 'con [2Jfig ' } })
  })

  it('Escape, and Backspace on nothing, leave it', () => {
    expect(given(...typed(':st\u001B')).overlay).toBeUndefined()
    expect(given(...typed(':s\u007F')).overlay).toMatchObject({ kind: 'palette' })
    expect(given(...typed(':s\u007F\u007F')).overlay).toBeUndefined()
  })

  it('its cursor moves within what is found', () => {
    const down = { type: 'key', key: 'down' } as const
    const state = given(...typed(':config'), down, down, down)
    expect(state.overlay).toMatchObject({ row: 2 })
  })
})

describe('what is watched', () => {
  it('an engine that goes is told, and what was seen last stays; it is live again when it is back', () => {
    const gone = given(seen(), updated(LOST))
    expect(gone).toMatchObject({ connection: { kind: 'lost' }, snapshot: { status: { instance: 'lab' } } })
    expect(reduce(gone, seen(), around).connection).toEqual({ kind: 'live' })
  })

  it('figures are kept by service, the containers of one together, the oldest forgotten', () => {
    const once = record(new Map(), [figures('api', 10, 100), figures('api', 5, 50), figures('web', 1, 10)], NOW)
    expect(once.get('api')).toMatchObject({ cpu: [15], memory: [150] })
    const twice = record(once, [figures('api', 20, 100)], NOW)
    expect(twice.get('api')?.cpu).toEqual([15, 20])
    expect(twice.has('web')).toBe(false)
    const full = Array.from({ length: KEPT + 5 }, (_, index) => index).reduce<readonly number[]>(push2, [])
    expect([full.length, full[0], full.at(-1)]).toEqual([KEPT, 5, KEPT + 4])
  })

  it('rates are what the counters gained in a second; a new container begins anew', () => {
    const reading = (networkSent: number, blockRead: number) => [{ ...figures('api', 1, 1), networkSent, blockRead }]
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
    const first = record(new Map(), reading(1_000, 500), at(0))
    expect(first.get('api')).toMatchObject({ network: [], disk: [] })
    const second = record(first, reading(5_000, 500), at(2))
    expect(second.get('api')).toMatchObject({ network: [2_000], disk: [0] })
    expect(record(second, reading(10, 600), at(4)).get('api')).toMatchObject({ network: [2_000], disk: [0, 50] })
  })

  it('a sparkline shows the latest values, from nothing to the highest', () => {
    expect(sparkline([0, 1, 2, 4, 8], 5, true)).toBe('▁▂▃▅█')
    expect(sparkline([0, 8], 4, false)).toBe('  _#')
    expect(sparkline([0, 0], 2, true)).toBe('▁▁')
    expect(sparkline([1], 1, true, 100)).toBe('▁')
  })
})

const push2 = (ring: readonly number[], value: number) => push(ring, value)
