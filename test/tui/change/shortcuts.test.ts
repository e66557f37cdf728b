import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../../src/ui/cli/style.ts'
import { type Event, reduce } from '../../../src/ui/tui/reducer.ts'
import type { State, Surroundings } from '../../../src/ui/tui/state.ts'
import { frameOf } from '../../../src/ui/tui/view/frame.ts'
import { around, given, NOW, seen, typed, updated } from '../support.ts'

const OWN: Surroundings = { ...around, ownScreens: new Set(['logs', 'rollback', 'change']) }
const READ_ONLY: Surroundings = { ...OWN, isReadOnly: true }
const INTERRUPT = { type: 'key', key: 'interrupt' } as const
const phase = (of: State['phase']): Event => ({ type: 'phase', phase: of })
const afterAllOf = (events: readonly Event[], surroundings = OWN, from: State = given()): State =>
  events.reduce((state, event) => reduce(state, event, surroundings), from)
const foot = (state: State) => frameOf(state, OWN, { columns: 80, rows: 24 }, PLAIN).foot.join('\n')

describe('keys that start a change', () => {
  it('open its plan, from every screen', () => {
    expect(afterAllOf([seen(), ...typed('d')])).toMatchObject({
      screen: 'change',
      asked: { request: { kind: 'deploy' } },
    })
    expect(afterAllOf([seen(), ...typed('6u')]).asked).toEqual({ request: { kind: 'update' }, times: 1 })
    expect(afterAllOf([seen(), ...typed('2d')]).asked.request).toEqual({ kind: 'deploy' })
    expect(afterAllOf([seen(), ...typed('b')]).screen).toBe('rollback')
  })

  it('mean the service at the cursor on the overview, and all of them elsewhere', () => {
    const asked = (keys: string) => afterAllOf([seen(), ...typed(keys)]).asked.request
    expect(asked('jr')).toEqual({ kind: 'restart', services: ['grafana'] })
    expect(asked('s')).toEqual({ kind: 'start', services: ['api'] })
    expect(asked('S')).toEqual({ kind: 'stop', services: ['api'] })
    expect(asked('3r')).toEqual({ kind: 'restart', services: [] })
  })

  it('that a screen has taken are its own', () => {
    for (const keys of ['2r', '2u', '2s', '2b', '4r', '4b']) {
      const state = afterAllOf([seen(), ...typed(keys)])
      expect([state.asked.times, state.screen]).toEqual([0, keys.startsWith('2') ? 'logs' : 'rollback'])
    }
  })

  it('e lends the terminal to a shell in the service at the cursor', () => {
    const { outside } = afterAllOf([seen(), ...typed('jje')])
    expect(outside).toEqual({ what: { words: ['exec', 'postgres'], reads: false, waits: false }, times: 1 })
    expect(afterAllOf(typed('e')).outside.times).toBe(0)
  })

  it('start no other change while one is under way, and say so', () => {
    const state = afterAllOf([seen(), ...typed('d'), phase('running'), ...typed('1r')])
    expect(state).toMatchObject({ screen: 'overview', asked: { times: 1 } })
    expect(state.notice).toContain('A change is under way')
  })

  it('do nothing in a read-only dashboard, and say why', () => {
    for (const key of ['d', 'u', 'r', 's', 'S', 'e']) {
      const state = afterAllOf([seen(), ...typed(key)], READ_ONLY)
      expect(state).toMatchObject({ screen: 'overview', asked: { times: 0 }, outside: { times: 0 } })
      expect(state.notice).toContain('--read-only')
    }
  })
})

describe('a command of the palette', () => {
  it('that is a change opens its plan, one that has a screen goes there', () => {
    expect(afterAllOf(typed(':deploy\r'))).toMatchObject({ screen: 'change', overlay: undefined, asked: { times: 1 } })
    expect(afterAllOf(typed(':rollback\r'))).toMatchObject({ screen: 'rollback', overlay: undefined })
    expect(afterAllOf(typed('6:status\r'))).toMatchObject({ screen: 'overview', overlay: undefined })
    expect(afterAllOf(typed(':deploy\r'), READ_ONLY).notice).toContain('--read-only')
  })

  it('that reads runs in the terminal after one more Enter, also where nothing can be changed', () => {
    const shown = typed(':config show\r')
    expect(afterAllOf(shown)).toMatchObject({ overlay: { kind: 'command' }, outside: { times: 0 } })
    for (const surroundings of [OWN, READ_ONLY]) {
      expect(afterAllOf([...shown, ...typed('\r')], surroundings).outside.what?.words).toEqual(['config', 'show'])
    }
  })

  it('that needs more words is copied', () => {
    expect(afterAllOf(typed(':config get\r\r'))).toMatchObject({ overlay: undefined, outside: { times: 0 } })
  })
})

describe('leaving during a change', () => {
  const running = [seen(), ...typed('d'), phase('running')]

  it('is a question, with Stay chosen', () => {
    const asked = afterAllOf([...running, ...typed('q')])
    expect(asked).toMatchObject({ overlay: { kind: 'leave', row: 0 }, ending: undefined })
    for (const keys of ['\r', '\u001B']) {
      const stayed = afterAllOf(typed(keys), OWN, asked)
      expect(stayed).toMatchObject({ overlay: undefined, leaving: undefined, ending: undefined, cancelled: 0 })
    }
  })

  it('may wait until it is done: the dashboard says so, and closes then', () => {
    const waiting = afterAllOf([...running, ...typed('qjj\r')])
    expect(waiting).toMatchObject({ leaving: 'done', cancelled: 0, ending: undefined })
    expect(foot(waiting)).toContain('The dashboard closes when it is done')
    expect(afterAllOf([phase('ended')], OWN, waiting).ending).toEqual({ kind: 'quit', leaving: 'done' })
  })

  it('asks about what is not saved as well, when the change has ended', () => {
    const drafts = { type: 'unsaved', text: '2 drafts' } as const
    const state = afterAllOf([drafts, ...running, ...typed('qjj\r'), phase('ended')])
    expect(state).toMatchObject({ overlay: { kind: 'discard' }, ending: undefined })
    expect(afterAllOf(typed('jj\r'), OWN, state).ending).toEqual({ kind: 'quit', leaving: 'done' })
  })

  it('rule 43: nobody leaves without an answer when the plan no longer held and a new one is made', () => {
    const state = afterAllOf([...running, ...typed('qjj\r'), phase('planning')])
    expect(state).toMatchObject({ ending: undefined, leaving: undefined, screen: 'change' })
  })

  it('may undo it first; staying can be chosen again until then', () => {
    const undoing = afterAllOf([...running, ...typed('qj\r'), phase('undoing')])
    expect(undoing).toMatchObject({ leaving: 'undone', cancelled: 1, ending: undefined })
    expect(afterAllOf([phase('failed')], OWN, undoing).ending).toEqual({ kind: 'quit', leaving: 'undone' })
    const stayed = afterAllOf([...typed('q\r'), phase('failed')], OWN, undoing)
    expect(stayed).toMatchObject({ ending: undefined, leaving: undefined })
  })

  it('Ctrl-C cancels on the screen of the change, asks when pressed again or elsewhere, and then undoes and leaves', () => {
    const once = afterAllOf([...running, INTERRUPT])
    expect(once).toMatchObject({ cancelled: 1, overlay: undefined })
    const twice = afterAllOf([phase('undoing'), INTERRUPT], OWN, once)
    expect(twice.overlay).toMatchObject({ kind: 'leave' })
    expect(afterAllOf([INTERRUPT], OWN, twice)).toMatchObject({ leaving: 'undone', overlay: undefined })
    expect(afterAllOf([...running, ...typed('1'), INTERRUPT])).toMatchObject({
      cancelled: 0,
      overlay: { kind: 'leave' },
    })
  })

  it('is no question any more when it has ended meanwhile', () => {
    const state = afterAllOf([...running, ...typed('q'), phase('ended')])
    expect(state).toMatchObject({ overlay: undefined, ending: undefined })
    expect(afterAllOf(typed('q'), OWN, state).ending).toEqual({ kind: 'quit' })
  })
})

it('what is under way elsewhere is told on every screen', () => {
  const operation = { command: 'ddalab update', startedAt: NOW.toISOString(), interrupted: false }
  for (const screen of ['1', '3', '6']) {
    expect(foot(afterAllOf([seen({ operation }), ...typed(screen)]))).toContain('under way: ddalab update')
  }
})

it('Y copies the command that does the same as the change', () => {
  expect(afterAllOf([seen(), ...typed('rY')]).copied.text).toBe('ddalab restart api -i lab')
  expect(afterAllOf([seen(), updated({ type: 'stats', stats: [] }), ...typed('3Y')]).copied.text).toBe(
    'ddalab plan -i lab',
  )
})
