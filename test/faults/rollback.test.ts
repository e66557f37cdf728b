import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { Instance } from './support/instance.ts'
import { serves } from './support/project.ts'

describe.skipIf(!lab.available).each(lab.newest)('ddalab rollback on Engine $version', ({ host }) => {
  let instance: Instance
  beforeEach(async () => {
    instance = await Instance.on(host)
    await instance.succeed('deploy')
    await instance.set('parameters.VERSION', '2')
    await instance.succeed('deploy')
  })
  afterEach(() => instance.remove())

  test('brings back the page, tells scripts what it did, and leaves nothing behind', async () => {
    const { data } = await instance.answer('releases')
    expect(data).toEqual({
      releases: ['r-0001', 'r-0002'].map((id, index) => ({
        id,
        version: 'latest',
        deployedAt: expect.any(String),
        images: { web: expect.stringContaining('sha256:') },
        current: index === 1,
        rollbackPoint: index === 0,
        dataBackup: null,
      })),
    })
    const done = await instance.answer('rollback')
    expect(done).toMatchObject({
      code: 0,
      data: {
        outcome: 'changed',
        status: { state: 'healthy', release: { id: 'r-0003' }, rollbackPoints: ['r-0002'] },
        rollback: { from: { id: 'r-0002' }, to: { id: 'r-0001' }, images: [], dataBackup: null, dataLoss: null },
      },
    })
    expect(done.data.rollback.config.changes).toMatchObject([
      { path: 'parameters.VERSION', kind: 'removed', from: '2' },
    ])
    await serves(instance.port, 'version 1\n')
    expect(await instance.answer('deploy')).toMatchObject({ data: { outcome: 'unchanged' } })
    await instance.expectTidy()
  })

  test('what cannot be gone back to is refused, with an exit code of its own and nothing changed', async () => {
    const before = await instance.snapshot()
    expect(await instance.answer('rollback', 'r-0007')).toMatchObject({
      code: 3,
      error: { code: 'ROLLBACK_POINT_NOT_FOUND' },
    })
    expect(await instance.answer('rollback', '--restore-data')).toMatchObject({
      code: 3,
      error: { code: 'BACKUP_NOT_FOUND' },
    })
    expect(await instance.snapshot()).toEqual(before)
  })

  test('contract 4: the data goes back only when the name of the instance is given', async () => {
    await instance.remove()
    instance = await Instance.on(host, { template: 'full' })
    await instance.succeed('deploy')
    await instance.succeed('backup create')
    await instance.set('parameters.VERSION', '2')
    await instance.succeed('deploy')
    const before = await instance.snapshot()
    for (const flags of [['--yes'], ['--yes', '--confirm', 'other']]) {
      const refused = await instance.answer('rollback', '--restore-data', ...flags)
      expect(refused).toMatchObject({ code: 2, error: { code: 'CONFIRMATION_REQUIRED' } })
      expect(await instance.snapshot()).toEqual(before)
    }
    const { data } = await instance.answer('rollback', '--restore-data', '--confirm', instance.name)
    expect(data.rollback).toMatchObject({ dataBackup: expect.stringMatching(/^b-/), dataLoss: { hours: 0 } })
    await serves(instance.port, 'version 1\n')
  })
})

describe('without an engine', () => {
  test('the releases are listed; an instance that is not there is told', async () => {
    const instance = await Instance.on('unix:///nowhere/docker.sock', { template: 'demo' })
    try {
      expect(await instance.answer('releases')).toMatchObject({ code: 0, data: { releases: [] } })
      expect(await instance.answer('rollback')).toMatchObject({ code: 3, error: { code: 'ROLLBACK_POINT_NOT_FOUND' } })
    } finally {
      await instance.forget()
    }
    expect(await instance.answer('releases')).toMatchObject({ code: 3, error: { code: 'INSTANCE_NOT_FOUND' } })
  })
})
