import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { activitiesOf, activityHistory, runActivity } from '../../src/core/actions/activity.ts'
import { locateInstance } from '../../src/core/actions/open.ts'
import { type JournalRecord, operationId, type Plan } from '../../src/core/kernel/index.ts'
import { releaseStore } from '../../src/core/release/index.ts'
import { createJournalStore } from '../../src/core/state/index.ts'
import { testWorld } from '../support/world.ts'
import { release } from './rollback-support.ts'

const create = operationId('container.create', 'web-1')
const record = operationId('release.record', 'r-0002')
const operation = (id: typeof create, kind: string, input: Plan['operations'][number]['input'] = {}) => ({
  ...{ id, kind, resource: id.split(':').join(' '), cause: 'new', effect: 'make', input },
  ...{ phase: 'apply' as const, after: [] },
})
const plan: Plan = {
  ...{ instance: 'lab', action: 'deploy', fingerprint: 'f', downtime: [] },
  operations: [
    operation(create, 'container.create'),
    operation(record, 'release.record', { id: 'r-0002', version: '2.2.0', action: 'deploy' }),
  ],
}
const error = { code: 'UNHEALTHY', exit: 8, message: 'web-1 is not healthy', details: ['log: oh'] } as const

const begun = (run: string, at: string): JournalRecord => ({
  ...{ type: 'begin', run, at, command: 'ddalab deploy -i lab', by: 'anna', plan },
})
const GOOD: readonly JournalRecord[] = [
  begun('a', '2026-03-01T10:00:00.000Z'),
  { type: 'intent', operation: create },
  { type: 'done', operation: create, outcome: {} },
  { type: 'verdict', verdict: 'commit' },
  { type: 'intent', operation: record },
  { type: 'done', operation: record, outcome: {} },
  { type: 'end', result: 'committed', at: '2026-03-01T10:00:42.000Z' },
]
const BAD: readonly JournalRecord[] = [
  begun('b', '2026-03-01T11:00:00.000Z'),
  { type: 'intent', operation: create },
  { type: 'failed', operation: create, error },
  { type: 'verdict', verdict: 'undo', cause: error },
  { type: 'undo-intent', operation: create },
  { type: 'undone', operation: create },
  { type: 'end', result: 'rolled-back', at: '2026-03-01T11:00:05.000Z' },
]

describe('a journal as an activity', () => {
  it('a run that was committed: who, how long, and what it released', () => {
    expect(runActivity(GOOD)).toMatchObject({
      ...{ action: 'deploy', by: 'anna', result: 'committed', durationMs: 42_000, cause: null, failures: [] },
      release: { id: 'r-0002', version: '2.2.0', of: null },
      steps: [{ state: 'done' }, { state: 'done' }],
    })
  })

  it('a run that was undone: its cause with the evidence, and no release', () => {
    expect(runActivity(BAD)).toMatchObject({
      ...{ result: 'rolled-back', cause: error, release: null },
      failures: [{ resource: 'container.create web-1', error }],
      steps: [{ state: 'undone' }, { state: 'waiting' }],
    })
  })

  it('a run without an end has no result; a journal without a line is none', () => {
    expect(runActivity(GOOD.slice(0, 2))).toMatchObject({
      result: null,
      durationMs: null,
      steps: [{ state: 'begun' }, {}],
    })
    expect(runActivity([])).toBeUndefined()
  })

  it('a release is told once: by its run, or by itself when the journal is gone', () => {
    const told = activitiesOf([{ run: 'a', records: GOOD }], [release(1), release(2)])
    expect(told.map((one) => (one.type === 'run' ? one.run : one.release.id))).toEqual(['a', 'r-0001'])
  })
})

describe('the history of an instance', () => {
  const instance = async () => {
    const world = await testWorld('unix:///nowhere')
    onTestFinished(() => world.remove())
    const { paths } = locateInstance(world, { instance: 'lab' })
    const append = async (run: string, records: readonly JournalRecord[]) => {
      const journal = await createJournalStore(paths.journal).create(run)
      for (const line of records) await journal.append(line)
      await journal.close()
    }
    return { paths, append, read: activityHistory.bind(undefined, world, { instance: 'lab' }) }
  }

  it('is empty where there is nothing', async () => {
    const { read } = await instance()
    expect((await read()).activities).toEqual([])
  })

  it('holds runs and releases, the newest first; and is the same again until something happens', async () => {
    const { paths, append, read } = await instance()
    await releaseStore(paths.releases).write(release(1))
    await append('2026-03-01T10-00-00Z-a', GOOD)
    const first = await read()
    expect(first.activities.map(({ at }) => at)).toEqual(['2026-03-01T10:00:00.000Z', release(1).deployedAt])
    expect(await read(first)).toBe(first)
    await append('2026-03-01T11-00-00Z-b', BAD)
    const second = await read(first)
    expect(second.activities[0]).toMatchObject({ result: 'rolled-back' })
    expect(second.journals.get('2026-03-01T10-00-00Z-a.ndjson')).toBe(
      first.journals.get('2026-03-01T10-00-00Z-a.ndjson'),
    )
  })

  it('leaves out what cannot be read as a journal', async () => {
    const { paths, append, read } = await instance()
    await append('2026-03-01T10-00-00Z-a', GOOD)
    await mkdir(paths.journal, { recursive: true })
    await writeFile(join(paths.journal, '2026-03-02T10-00-00Z-c.ndjson'), 'no\n{"type":"end","result":"x","at":"y"}\n')
    await writeFile(join(paths.journal, 'notes.txt'), 'mine')
    expect((await read()).activities).toHaveLength(1)
  })
})
