import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBackup } from '../../src/core/actions/backup/create.ts'
import { releases } from '../../src/core/actions/releases.ts'
import { rollback } from '../../src/core/actions/rollback/rollback.ts'
import { releaseStore } from '../../src/core/release/index.ts'
import { lab } from '../lab/lab.ts'
import { rejection } from '../support/errors.ts'
import { RollbackLab } from './rollback-lab.ts'

describe.skipIf(!lab.available).each(lab.newest)('rule 12: data and rollbacks on Engine $version', ({ host }) => {
  let on: RollbackLab
  let image: string

  const shell = (script: string) => on.docker('exec', `${on.name}-web-1`, 'sh', '-c', script)
  const data = () => shell('cat /data/rows')

  /** Two releases, the second one irreversible, and a backup of the data as the first one left it. */
  beforeEach(async () => {
    on = await RollbackLab.on(host)
    image = `${on.name}:1`
    await on.build(image)
    await on.init(image, 'one')
    await on.deploy()
    await shell('echo old >/data/rows')
    await createBackup(on.world, on.target, {})
    await on.deploy(image, 'two')
    await shell('echo migrated >/data/rows')
    const store = releaseStore(on.paths.releases)
    const newest = (await store.list()).at(-1)
    if (newest === undefined) throw new Error('no release')
    await store.write({ ...newest, irreversible: true })
  })
  afterEach(() => on.remove())

  test('behind an irreversible release one goes with the data, and what that loses is told', async () => {
    const [first] = await releases(on.world, on.target)
    expect(first?.dataBackup).toMatch(/^b-\d/)
    const refused = await rejection(on.rollback())
    expect(refused).toMatchObject({ code: 'ROLLBACK_REFUSED', exit: 4 })
    expect(refused.options.hint).toContain('--restore-data')
    expect(await data()).toBe('migrated')

    const report = await rollback(on.world, on.target, undefined, { restoreData: true })
    expect(report.rollback.data).toMatchObject({ backup: first?.dataBackup, loss: { hours: 0 } })
    expect(await on.runs()).toMatchObject({ title: 'one', state: 'running' })
    expect(await data()).toBe('old')
    expect(await on.left()).toEqual([])
    // What was there before is not lost for good.
    expect(report.safety).toMatch(/^b-\d/)
    await on.rollback('r-0002')
    expect(await data()).toBe('old')
  })

  test('a rollback that fails leaves the data as it was, too', async () => {
    await shell('echo one >/data/poison')
    await createBackup(on.world, on.target, {})
    const store = releaseStore(on.paths.releases)
    const [first, second] = await store.list()
    const listed = await releases(on.world, on.target)
    if (first === undefined || second === undefined) throw new Error('two releases')
    // The backup with the poison in it, which release one cannot read.
    await store.write({ ...first, dataBackup: listed[1]?.dataBackup ?? '' })
    await shell('echo newest >/data/rows')
    const error = await rejection(rollback(on.world, on.target, undefined, { restoreData: true }))
    expect(error.exit).toBe(5)
    expect(await on.runs()).toMatchObject({ title: 'two', state: 'running' })
    expect(await data()).toBe('newest')
  })

  test('without a backup of it the data cannot go back', async () => {
    await on.deploy(image, 'three')
    const before = await on.runs()
    const error = await rejection(rollback(on.world, on.target, undefined, { restoreData: true }))
    expect(error).toMatchObject({ code: 'BACKUP_NOT_FOUND', exit: 3 })
    expect(await on.runs()).toEqual(before)
  })
})
