import { describe, expect, test } from 'vitest'
import { DdalabError } from '../../src/core/errors.ts'
import { execute, type JournalRecord } from '../../src/core/kernel/index.ts'
import { memoryJournals, shown } from './memory-journal.ts'
import { id, optionsFor, planOf, recorder, step } from './plans.ts'

const fails = (message: string) => async (): Promise<never> => {
  throw new DdalabError('PULL_FAILED', message)
}

const endsOnAbort = (_operation: unknown, { signal }: { signal: AbortSignal }) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
  })

describe('a plan that succeeds', () => {
  test('is carried out along its graph, commit steps after the verdict, each line before its step', async () => {
    const { log, handlers } = recorder()
    const { options, journals } = optionsFor(handlers)
    const plan = planOf(step('remove-old', ['start'], 'commit'), step('start', ['create']), step('create'))

    const report = await execute(plan, options)

    expect(report).toEqual({ run: 'run-1', result: 'committed' })
    expect(log).toEqual(['do create', 'do start', 'do remove-old'])
    expect(journals.lines.map(shown)).toEqual([
      'begin run-1',
      'intent step:create',
      'done step:create',
      'intent step:start',
      'done step:start',
      'verdict commit',
      'intent step:remove-old',
      'done step:remove-old',
      'end committed',
    ])
  })

  test('tells what it does in events', async () => {
    const { options, events } = optionsFor(
      recorder({
        a: {
          execute: async (_operation, context) => {
            context.progress({ message: 'half' })
            return {}
          },
        },
      }).handlers,
    )
    await execute(planOf(step('a')), options)
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'operation.started',
      'operation.progress',
      'operation.succeeded',
      'run.verdict',
      'run.finished',
    ])
  })

  test('runs independent steps at once, never more than the bound', async () => {
    let running = 0
    let most = 0
    const busy = {
      execute: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise(setImmediate)
        running -= 1
        return {}
      },
    }
    const names = Array.from({ length: 20 }, (_, index) => `s${index}`)
    const { handlers } = recorder(Object.fromEntries(names.map((name) => [name, busy])))
    await execute(planOf(...names.map((name) => step(name))), optionsFor(handlers, { concurrency: 3 }).options)
    expect(most).toBe(3)
  })

  test('with nothing to do it is committed at once and leaves no journal', async () => {
    const { options, journals, events } = optionsFor({})
    expect(await execute(planOf(), options)).toEqual({ run: 'run-1', result: 'committed' })
    expect(await journals.unfinished()).toBeUndefined()
    expect(journals.lines).toEqual([])
    expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.finished'])
  })
})

describe('a plan that is not sound is refused before anything is written', () => {
  const { handlers } = recorder()
  const cases = {
    'a cycle': [planOf(step('a', ['b']), step('b', ['c']), step('c', ['b'])), /step:b after step:c after step:b/],
    'an unknown predecessor': [planOf(step('a', ['ghost'])), /step:ghost, which is not in the plan/],
    'a name twice': [planOf(step('a'), step('a')), /two operations are named step:a/],
    'a step before the verdict that waits for one after it': [
      planOf(step('a', [], 'commit'), step('b', ['a'])),
      /only after the verdict/,
    ],
    'a kind without handler': [planOf({ ...step('a'), kind: 'constructor' }), /knows how to do "constructor"/],
  } as const
  test.each(Object.entries(cases))('%s', async (_name, [plan, message]) => {
    const { options, journals } = optionsFor(handlers)
    await expect(execute(plan, options)).rejects.toThrow(message)
    expect(journals.lines).toEqual([])
  })

  test('a step before the verdict that cannot be undone', async () => {
    const { options } = optionsFor({ step: { execute: async () => ({}) } })
    await expect(execute(planOf(step('a')), options)).rejects.toThrow(/knows how to undo "step"/)
  })
})

describe('when a step fails', () => {
  test('nothing new is begun, all that was begun is undone in reverse order, and the cause is reported with exit 5', async () => {
    const { log, handlers } = recorder({ c: { execute: fails('c: no such image') } })
    const { options, journals } = optionsFor(handlers)
    const report = await execute(planOf(step('a'), step('b', ['a']), step('c', ['b']), step('d', ['c'])), options)

    expect(report.result).toBe('rolled-back')
    expect(report.error?.toData()).toEqual({
      code: 'PULL_FAILED',
      exit: 5,
      message: 'c: no such image; what was begun has been undone',
    })
    expect(log).toEqual(['do a', 'do b', 'do c', 'undo c (unknown)', 'undo b', 'undo a'])
    expect(journals.lines.map(shown).slice(-9)).toEqual([
      'failed step:c',
      'verdict undo',
      'undo-intent step:c',
      'undone step:c',
      'undo-intent step:b',
      'undone step:b',
      'undo-intent step:a',
      'undone step:a',
      'end rolled-back',
    ])
    expect(journals.lines.find(({ type }) => type === 'verdict')).toMatchObject({ cause: { code: 'PULL_FAILED' } })
  })

  test('long waits in flight end early and are not taken for failures of their own', async () => {
    const { log, handlers } = recorder({
      wait: { execute: endsOnAbort },
      bad: { execute: fails('bad') },
    })
    const { options, events } = optionsFor(handlers)
    const report = await execute(planOf(step('wait'), step('bad')), options)
    expect(report.error?.message).toBe('bad; what was begun has been undone')
    expect(log).toContain('undo wait (unknown)')
    const failures = events.flatMap((event) => (event.type === 'operation.failed' ? [event.error] : []))
    expect(failures.map(({ code }) => code)).toEqual(['PULL_FAILED', 'INTERRUPTED'])
  })

  test('a step in flight that succeeds all the same is undone with what it left', async () => {
    const gate = Promise.withResolvers<void>()
    const { log, handlers } = recorder({
      slow: { execute: async () => gate.promise.then(() => ({})) },
      bad: { execute: fails('bad') },
    })
    const { options } = optionsFor(handlers, {
      sink: { emit: (event) => event.type === 'operation.failed' && gate.resolve() },
    })
    expect((await execute(planOf(step('slow'), step('bad')), options)).result).toBe('rolled-back')
    expect(log.slice(2).sort()).toEqual(['undo bad (unknown)', 'undo slow'])
  })

  test('a step that is announced but not yet begun is left alone', async () => {
    const failed = Promise.withResolvers<void>()
    const journals = memoryJournals(async (record, persist) => {
      if (record.type === 'intent' && record.operation === id('slow-disk')) await failed.promise
      persist()
    })
    const { log, handlers } = recorder({ bad: { execute: fails('bad') } })
    const { options } = optionsFor(handlers, {
      journals,
      sink: { emit: (event) => event.type === 'operation.failed' && failed.resolve() },
    })
    await execute(planOf(step('slow-disk'), step('bad')), options)
    expect(log).toEqual(['do bad', 'undo bad (unknown)'])
  })

  test('what is thrown that is no error of ours is a bug, and still rolled back', async () => {
    const { handlers } = recorder({
      a: {
        execute: async () => {
          throw new TypeError('x is undefined')
        },
      },
    })
    const { error } = await execute(planOf(step('a')), optionsFor(handlers).options)
    expect(error).toMatchObject({
      code: 'UNEXPECTED',
      exit: 5,
      message: 'x is undefined; what was begun has been undone',
    })
  })
})

describe('when an undo fails too', () => {
  test('the others are undone, but not those on which it stands; exit 6 names both', async () => {
    const { log, handlers } = recorder({
      bad: { execute: fails('bad') },
      container: { undo: fails('engine gone') },
    })
    const { options, journals } = optionsFor(handlers)
    const report = await execute(
      planOf(step('network'), step('container', ['network']), step('file'), step('bad', ['container', 'file'])),
      options,
    )
    expect(report.result).toBe('rollback-failed')
    expect(report.error?.toData()).toMatchObject({
      code: 'ROLLBACK_FAILED',
      exit: 6,
      details: [
        'why the run failed: bad',
        'not undone: container: engine gone',
        'left in place, because a step named above stands on it: network',
      ],
    })
    expect(log).toContain('undo file')
    expect(log).not.toContain('undo network')
    expect(journals.lines.map(shown)).toContain('undo-failed step:container')
    expect(journals.lines.map(shown).at(-1)).toBe('end rollback-failed')
  })
})

describe('rule 41: an interrupted run', () => {
  test('finishes what is in flight, undoes it, and says 130', async () => {
    const stop = new AbortController()
    const { log, handlers } = recorder({
      a: {
        execute: async () => {
          stop.abort()
          return {}
        },
      },
    })
    const { options } = optionsFor(handlers, { signal: stop.signal })
    const report = await execute(planOf(step('a'), step('b', ['a'])), options)
    expect(log).toEqual(['do a', 'undo a'])
    expect(report.result).toBe('rolled-back')
    expect(report.error).toMatchObject({ code: 'INTERRUPTED', exit: 130 })
  })

  test('before its first step it does nothing', async () => {
    const { log, handlers } = recorder()
    const report = await execute(planOf(step('a')), optionsFor(handlers, { signal: AbortSignal.abort() }).options)
    expect(log).toEqual([])
    expect(report).toMatchObject({ result: 'rolled-back', error: { exit: 130 } })
  })

  test('a deadline is told as the deadline, and ends long waits', async () => {
    const stop = new AbortController()
    const { handlers } = recorder({ wait: { execute: endsOnAbort } })
    const { options } = optionsFor(handlers, {
      signal: stop.signal,
      sink: {
        emit: ({ type }) =>
          type === 'operation.started' &&
          setImmediate(() => stop.abort(new DdalabError('TIMED_OUT', 'not finished within 5m'))),
      },
    })
    const { error } = await execute(planOf(step('wait')), options)
    expect(error).toMatchObject({ code: 'TIMED_OUT', exit: 9 })
    expect(error?.message).toBe('not finished within 5m; what was begun has been undone')
  })

  test('after the verdict it is parked: the change stays, the rest is for the next command', async () => {
    const stop = new AbortController()
    const { log, handlers } = recorder({
      first: {
        execute: async () => {
          stop.abort()
          return {}
        },
      },
    })
    const { options, journals, events } = optionsFor(handlers, { signal: stop.signal })
    const plan = planOf(step('a'), step('first', ['a'], 'commit'), step('second', ['first'], 'commit'))
    const report = await execute(plan, options)
    expect(report).toMatchObject({ result: 'parked', error: { code: 'INTERRUPTED', exit: 130 } })
    expect(log).toEqual(['do a', 'do first'])
    expect(journals.lines.map(shown).at(-1)).toBe('done step:first')
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', result: 'parked' })
  })
})

describe('after the verdict', () => {
  test('a commit step that fails is tried once more', async () => {
    let tries = 0
    const { handlers } = recorder({
      tidy: {
        execute: async () => {
          tries += 1
          if (tries === 1) throw new Error('removal already in progress')
          return {}
        },
      },
    })
    const { options, events } = optionsFor(handlers)
    expect((await execute(planOf(step('a'), step('tidy', ['a'], 'commit')), options)).result).toBe('committed')
    expect(events.map(({ type }) => type)).not.toContain('operation.failed')
  })

  test('one that keeps failing parks the run; the others are done, nothing is undone', async () => {
    const { log, handlers } = recorder({ tidy: { execute: fails('engine gone') } })
    const { options, journals } = optionsFor(handlers)
    const plan = planOf(
      step('a'),
      step('tidy', [], 'commit'),
      step('later', ['tidy'], 'commit'),
      step('record', [], 'commit'),
    )
    const report = await execute(plan, options)
    expect(report).toMatchObject({ result: 'parked', error: { code: 'PULL_FAILED', exit: 4 } })
    expect(log).not.toContain('undo a')
    expect(log).not.toContain('do later')
    expect(log).toContain('do record')
    expect(await journals.unfinished()).toBeDefined()
  })
})

describe('rule 44: a journal that cannot be written', () => {
  const diskFull = new DdalabError('DISK_FULL', 'journal: no space left')
  const fullFrom = (isFirst: (record: JournalRecord) => boolean) => {
    let full = false
    return memoryJournals(async (record, persist) => {
      full ||= isFirst(record)
      if (full) throw diskFull
      persist()
    })
  }

  test('at its first line refuses the run', async () => {
    const { log, handlers } = recorder()
    const journals = fullFrom(() => true)
    await expect(execute(planOf(step('a')), optionsFor(handlers, { journals }).options)).rejects.toBe(diskFull)
    expect(log).toEqual([])
  })

  test('begins no step that it cannot announce, and undoes the others without it', async () => {
    const { log, handlers } = recorder()
    const journals = fullFrom((record) => record.type === 'intent' && record.operation === id('b'))
    const { options, events } = optionsFor(handlers, { journals })
    const report = await execute(planOf(step('a'), step('b', ['a'])), options)
    expect(log).toEqual(['do a', 'undo a'])
    expect(report).toMatchObject({ result: 'rolled-back', error: { code: 'DISK_FULL', exit: 5 } })
    expect(events.map(({ type }) => type)).toContain('notice')
    expect(await journals.unfinished()).toBeDefined()
  })

  test('at the verdict: a verdict that cannot be written has not been given', async () => {
    const { log, handlers } = recorder()
    const journals = fullFrom(({ type }) => type === 'verdict')
    const report = await execute(planOf(step('a')), optionsFor(handlers, { journals }).options)
    expect(log).toEqual(['do a', 'undo a'])
    expect(report.result).toBe('rolled-back')
  })
})
