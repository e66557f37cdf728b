import { describe, expect, test } from 'vitest'
import { execute, readHistory, recover } from '../../src/core/kernel/index.ts'
import { memoryJournals, shown } from './memory-journal.ts'
import { id, optionsFor, planOf, recorder, step } from './plans.ts'

const broken = async (): Promise<never> => {
  throw new Error('engine gone')
}

test('with nothing to recover nothing happens', async () => {
  const { options, events } = optionsFor({})
  expect(await recover(options)).toBeUndefined()
  expect(events).toEqual([])
})

test('a run that died before its first line had begun nothing', async () => {
  const { options, journals } = optionsFor({})
  await journals.create('run-0')
  expect(await recover(options)).toBeUndefined()
  expect(await journals.unfinished()).toBeUndefined()
})

describe('rules 03, 04: a run that died before its verdict', () => {
  const died = async () => {
    const { handlers, log } = recorder()
    const { options, journals, events } = optionsFor(handlers)
    const journal = await journals.create('run-0')
    const plan = planOf(step('a'), step('b', ['a']), step('c', ['b']))
    await journal.append({ type: 'begin', run: 'run-0', at: '2026-11-21T08:47:00.000Z', command: 'deploy', plan })
    await journal.append({ type: 'intent', operation: id('a') })
    await journal.append({ type: 'done', operation: id('a'), outcome: { container: '4f' } })
    await journal.append({ type: 'intent', operation: id('b') })
    return { options, journals, events, log, journal }
  }

  test('is undone, also the step whose end is not known, and says that it recovers', async () => {
    const { options, journals, events, log } = await died()
    expect(await recover(options)).toEqual({ run: 'run-0', result: 'rolled-back' })
    expect(log).toEqual(['undo b (unknown)', 'undo a'])
    expect(events[0]).toEqual({
      type: 'run.recovering',
      run: 'run-0',
      verdict: 'undo',
      startedAt: '2026-11-21T08:47:00.000Z',
    })
    expect(journals.lines.map(shown).slice(4)).toEqual([
      'verdict undo',
      'undo-intent step:b',
      'undone step:b',
      'undo-intent step:a',
      'undone step:a',
      'end rolled-back',
    ])
    expect(await recover(options)).toBeUndefined()
  })

  test('what was undone already is not undone again', async () => {
    const { options, log, journal } = await died()
    await journal.append({ type: 'verdict', verdict: 'undo' })
    await journal.append({ type: 'undone', operation: id('b') })
    await recover(options)
    expect(log).toEqual(['undo a'])
  })

  test('a step that this version does not know is reported, not ignored', async () => {
    const { options } = await died()
    const report = await recover({ ...options, handlers: {} })
    expect(report).toMatchObject({ result: 'rollback-failed', error: { exit: 6 } })
    expect(report?.error?.toData().details?.[0]).toMatch(/b: nothing here knows how to undo "step"/)
  })
})

describe('a run whose undo failed', () => {
  test('is visible in its history, and the next command tries what is left before anything else', async () => {
    const journals = memoryJournals()
    const plan = planOf(step('a'), step('b', ['a']), step('c', ['b']))
    const first = recorder({ c: { execute: broken }, b: { undo: broken } })
    expect((await execute(plan, optionsFor(first.handlers, { journals }).options)).result).toBe('rollback-failed')

    const history = readHistory((await journals.unfinished())?.records ?? [])
    expect(history?.result).toBe('rollback-failed')
    expect([...(history?.undoFailures ?? [])]).toMatchObject([[id('b'), { message: 'engine gone' }]])

    const stillBroken = recorder({ b: { undo: broken } })
    const again = await recover(optionsFor(stillBroken.handlers, { journals }).options)
    expect(again).toMatchObject({ result: 'rollback-failed', error: { exit: 6 } })

    const repaired = recorder()
    expect((await recover(optionsFor(repaired.handlers, { journals }).options))?.result).toBe('rolled-back')
    expect(repaired.log).toEqual(['undo b', 'undo a'])
    expect(await journals.unfinished()).toBeUndefined()
  })
})

describe('a run that died or was parked after its verdict', () => {
  const parked = async () => {
    const journals = memoryJournals()
    const plan = planOf(step('a'), step('record', [], 'commit'), step('tidy', ['record'], 'commit'))
    const { handlers } = recorder({ tidy: { execute: broken } })
    expect((await execute(plan, optionsFor(handlers, { journals }).options)).result).toBe('parked')
    return journals
  }

  test('is finished, without what was done already', async () => {
    const journals = await parked()
    const { handlers, log } = recorder()
    expect(await recover(optionsFor(handlers, { journals }).options)).toEqual({ run: 'run-1', result: 'committed' })
    expect(log).toEqual(['do tidy'])
    expect(await journals.unfinished()).toBeUndefined()
  })

  test('stays parked while it cannot be finished', async () => {
    const journals = await parked()
    const { handlers, log } = recorder({ tidy: { execute: broken } })
    expect(await recover(optionsFor(handlers, { journals }).options)).toMatchObject({ result: 'parked' })
    expect(log).not.toContain('undo a')
    expect(await journals.unfinished()).toBeDefined()
  })
})
