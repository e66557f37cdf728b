import { describe, expect, it } from 'vitest'
import { requestWords } from '../../../src/ui/tui/change/request.ts'
import { phaseOf } from '../../../src/ui/tui/change/state.ts'
import { ASKED, AT, DEPLOY, DONE, failed, given, key, keys, PLANNED, proposed, RUNNING, told } from './support.ts'

const LOSS = { type: 'planned', planned: proposed({ loss: 'This deletes for good: volume lab_data.' }) } as const

describe('a change that was asked for', () => {
  it('is planned first, and nothing else is done', () => {
    const { state, effects } = given(ASKED)
    expect(state.stage.kind).toBe('planning')
    expect(effects).toEqual([{ type: 'plan', request: DEPLOY }])
  })

  it('waits with Cancel in focus: Enter declines, and nothing has happened', () => {
    const { state, effects } = given(ASKED, PLANNED, ...keys('\r'))
    expect(state.stage.kind).toBe('idle')
    expect(effects.map(({ type }) => type)).toEqual(['plan'])
  })

  it('is carried out with the fingerprint of what was shown, by arrows, Tab or letters and Enter', () => {
    const run = { type: 'run', request: DEPLOY, fingerprint: 'f1' }
    for (const way of [[key('right')], keys('\t'), keys('l'), [key('left')]]) {
      const { state, effects } = given(ASKED, PLANNED, ...way, ...keys('\r'))
      expect(effects.at(-1)).toEqual(run)
      expect(phaseOf(state)).toBe('running')
    }
    expect(given(ASKED, PLANNED, ...keys('\t\t\r')).state.stage.kind).toBe('idle')
  })

  it('is given up with Escape while it is planned, and what was planned comes too late', () => {
    const { state, effects } = given(ASKED, ...keys('\u001B'), PLANNED)
    expect(state.stage.kind).toBe('idle')
    expect(effects.at(-1)).toEqual({ type: 'abort' })
  })

  it('no letter agrees, however many are typed', () => {
    expect(phaseOf(given(ASKED, PLANNED, ...keys('yYdgo k j ')).state)).toBe('planned')
  })
})

describe('the loss of data', () => {
  it('needs the name of the instance, typed (contract 4)', () => {
    const wrong = given(ASKED, LOSS, ...keys('la'), key('right'), ...keys('\r'))
    expect(phaseOf(wrong.state)).toBe('naming')
    expect(wrong.state.stage).toMatchObject({ isWrongName: true })
    expect(wrong.effects.map(({ type }) => type)).toEqual(['plan'])
    const right = given(ASKED, LOSS, ...keys('lax\u007F\u007Fab'), key('right'), ...keys('\r'))
    expect(right.effects.at(-1)?.type).toBe('run')
  })

  it('takes a paste as the name, and has Cancel in focus all the same', () => {
    const { state, effects } = given(ASKED, LOSS, { type: 'pasted', text: ' lab\n' }, ...keys('\r'))
    expect(state.stage.kind).toBe('idle')
    expect(effects.map(({ type }) => type)).toEqual(['plan'])
    const agreed = given(ASKED, LOSS, { type: 'pasted', text: ' lab\n' }, key('right'), ...keys('\r'))
    expect(agreed.effects.at(-1)?.type).toBe('run')
  })
})

describe('a change under way', () => {
  it('rule 43: when the system has changed since, the new plan is shown and has to be agreed to again', () => {
    const stale = { type: 'ended', end: failed('PLAN_STALE', 'The system changed.'), at: AT } as const
    const { state, effects } = given(...RUNNING.slice(0, -1), stale, PLANNED)
    expect(effects.map(({ type }) => type)).toEqual(['plan', 'run', 'plan'])
    expect(state.stage).toMatchObject({ kind: 'planned', isStale: true, focus: 'cancel' })
    expect(state.last).toBeUndefined()
  })

  it('is undone once when it is cancelled, and says so until the undo begins', () => {
    const { state, effects } = given(...RUNNING, ...keys('cc'), { type: 'cancelled' })
    expect(effects.filter(({ type }) => type === 'abort')).toHaveLength(1)
    expect(phaseOf(state)).toBe('undoing')
  })

  it('is undone by itself when a step fails', () => {
    const { state } = given(...RUNNING, told({ type: 'run.verdict', run: 'run-1', verdict: 'undo' }))
    expect(phaseOf(state)).toBe('undoing')
  })

  it('lets no other one begin', () => {
    const { state, effects } = given(...RUNNING, { type: 'asked', request: { kind: 'backup' } })
    expect(phaseOf(state)).toBe('running')
    expect(effects.map(({ type }) => type)).toEqual(['plan', 'run'])
  })

  it('stays in sight by itself until somebody scrolls; f follows it again', () => {
    expect(given(...RUNNING).state.top).toBeUndefined()
    expect(given(...RUNNING, ...keys('jj')).state.top).toBe(1)
    expect(given(...RUNNING, key('end')).state.top).toBe(100)
    expect(given(...RUNNING, key('end'), ...keys('f')).state.top).toBeUndefined()
  })
})

describe('the result', () => {
  const ended = { type: 'ended', end: DONE, at: AT + 5_000 } as const

  it('stays until the next change is carried out: a plan that is declined brings it back', () => {
    const result = given(...RUNNING, ended).state
    expect(result.stage).toMatchObject({ kind: 'ended', elapsedMs: 5_000, end: DONE })
    expect(given(...RUNNING, ended, ASKED, PLANNED, ...keys('\u001B')).state.stage).toEqual(result.stage)
    expect(given(...RUNNING, ended, ...keys('\u001B\r')).state.stage).toEqual(result.stage)
  })

  it('of a failure: Enter makes the plan once more', () => {
    const broken = { ...ended, end: failed('UNHEALTHY', 'web is not healthy') }
    expect(given(...RUNNING, broken, ...keys('\r')).effects.at(-1)).toEqual({ type: 'plan', request: DEPLOY })
    const refused = { type: 'planned', planned: failedPlan() } as const
    expect(given(ASKED, refused, ...keys('\r')).effects.map(({ type }) => type)).toEqual(['plan', 'plan'])
  })
})

const failedPlan = () => ({ kind: 'refused', error: { code: 'PORT_TAKEN', exit: 4, message: 'taken' } }) as const

describe('the command that does the same', () => {
  it('is complete, and holds no value that may be a secret', () => {
    const edits = [
      { path: ['auth', 'password'], value: 'geheim' },
      { path: ['docker', 'volumes', 'a b'], value: 'x' },
    ]
    expect(requestWords({ kind: 'config', edits })).toBe(`config set auth.password 'docker.volumes."a b"' --apply`)
    expect(requestWords({ kind: 'config', edits: [{ path: ['api', 'port'], value: undefined }] })).toBe(
      'config unset api.port --apply',
    )
    expect(requestWords({ kind: 'restart', services: ['api', 'web'] })).toBe('restart api web')
    expect(requestWords({ kind: 'rollback', release: 'r-0001', restoreData: true })).toBe(
      'rollback r-0001 --restore-data',
    )
    expect(requestWords({ kind: 'destroy', volumes: true })).toBe('destroy --volumes')
    expect(requestWords({ kind: 'update', version: '1.2.0' })).toBe('update 1.2.0')
  })
})
