import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createBackup } from '../../src/core/actions/backup/create.ts'
import { recoverLeft } from '../../src/core/actions/recover-run.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { lab } from '../lab/lab.ts'
import { worldIn } from '../support/world.ts'
import { PASSWORD, Store } from './store.ts'

const CHILD = fileURLToPath(new URL('kill-child.ts', import.meta.url))

/** Resolves when the child has killed itself. */
async function killed(store: Store, moment: string, work: string): Promise<void> {
  const words = [CHILD, store.host, store.world.directory, store.name, moment, work]
  const [, signal] = await once(spawn(process.execPath, words, { stdio: 'inherit' }), 'exit')
  expect(signal).toBe('SIGKILL')
}

describe.skipIf(!lab.available).each(lab.newest)('data on Engine $version, when something goes wrong', ({ host }) => {
  let store: Store
  let good: string
  beforeAll(async () => {
    store = await Store.on(host)
    await store.fill(1)
    good = await store.backup()
    await store.fill(2)
  })
  afterEach(({ task }) => (task.result?.state === 'fail' ? store.tell() : undefined))
  afterAll(() => store?.remove())

  /** Everything as it is now: data, containers, no copy that is not whole, nothing left over. */
  const now = async () => ({
    contents: await store.contents(),
    containers: await store.containers(),
    backups: readdirSync(store.backups),
    scratch: await store.scratch(),
  })

  test('a backup is verified in containers of its own, which are gone afterwards', async () => {
    const before = await now()
    const { verification } = await store.verify(good)
    expect(verification?.parts).toEqual({
      database: { tables: 1, rows: 1 },
      cache: { keys: 1 },
      objects: { files: expect.any(Number), bytes: expect.any(Number) },
      files: { files: 2, bytes: 4 },
    })
    expect(await now()).toEqual(before)
  })

  test.each(['database.pgdump.zst', 'cache.rdb.zst', 'objects.tar.zst'])(
    '%s was tampered with: nothing is stopped for it',
    async (name) => {
      const before = await now()
      const file = join(store.backups, good, name)
      const content = readFileSync(file)
      writeFileSync(
        file,
        content.map((byte, at) => (at === content.length - 20 ? byte ^ 1 : byte)),
      )
      await expect(store.verify(good)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
      await expect(store.restore(good)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
      writeFileSync(file, content)
      expect(await now()).toEqual(before)
    },
  )

  test('a restore that cannot be carried out is undone, and everything serves as before', async () => {
    const before = await now()
    const file = join(store.backups, good, 'backup.json')
    const manifest = readFileSync(file, 'utf8')
    // The dump of a database in the place of the dump of Redis: whole, and of no use to it.
    const { parts } = JSON.parse(manifest)
    const [database, cache] = parts
    const swapped = [
      database,
      { ...database, name: 'cache', kind: 'redis', service: 'cache', facts: cache.facts },
      ...parts.slice(2),
    ]
    writeFileSync(file, JSON.stringify({ ...JSON.parse(manifest), parts: swapped }))
    await expect(store.restore(good)).rejects.toMatchObject({
      code: expect.stringMatching(/CONTAINER_EXITED|UNHEALTHY|OPERATION_FAILED|TIMED_OUT/),
    })
    writeFileSync(file, manifest)
    expect(await now()).toEqual(before)
  })

  test('a database whose tables somebody holds is not waited for without end, and nothing has changed then', async () => {
    const before = await now()
    const query = 'BEGIN; SELECT * FROM ledger; SELECT pg_sleep(600)'
    const holder = store.sql(query).catch(() => undefined)
    const holders = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
    await expect.poll(() => store.sql(`SELECT count(*) ${holders}`)).toBe('1')
    await expect(store.restore(good, ['database'])).rejects.toMatchObject({
      exit: 5,
      options: { details: expect.arrayContaining([expect.stringContaining('lock timeout')]) },
    })
    await store.sql(`SELECT pg_terminate_backend(pid) ${holders}`)
    await holder
    expect(await now()).toEqual(before)
  })

  test('what is not in the backup or has no place in the stack is told before anything is done', async () => {
    const before = await now()
    await expect(store.restore(good, ['nothing'])).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' })
    await expect(store.restore('b-20200101-000000')).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' })
    expect(await now()).toEqual(before)
  })

  test('a database that does not run is no reason for a backup without it', async () => {
    await store.stop('db')
    await expect(store.backup()).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: expect.stringContaining('db does not run'),
    })
    await store.start('db')
  })

  test.each([
    ['backup', 'operation.started data.backup'],
    ['backup', 'operation.progress data.backup copying database'],
    ['backup', 'operation.progress data.backup copying objects'],
    ['backup', 'operation.progress data.backup reading files'],
  ])('%s killed at "%s": nothing stands still after recovery, and there is no half backup', async (work, moment) => {
    const before = await now()
    await killed(store, moment, work)
    await recoverLeft(store.world, store.target)
    expect(await now()).toEqual(before)
  })

  test('rule 41: Ctrl-C while something stands still for its files: it goes on at once', async () => {
    const before = await now()
    await store.shell('s3', 'dd if=/dev/urandom of=/data/large bs=1M count=200 2>/dev/null')
    const stop = new AbortController()
    const backing = createBackup(worldIn(store.world.directory, host, stop.signal), store.target, {})
    const rejected = expect(backing).rejects.toMatchObject({ code: 'INTERRUPTED', exit: 130 })
    await expect.poll(() => store.state('s3'), { interval: 20 }).toBe('paused')
    stop.abort(new DdalabError('INTERRUPTED', 'Interrupted.'))
    await rejected
    expect(await store.state('s3')).toBe('running')
    await store.shell('s3', 'rm /data/large')
    expect(await now()).toEqual(before)
  })

  test('killed while something stands still for its files: recovery lets it go on', async () => {
    const before = await now()
    await store.shell('s3', 'dd if=/dev/urandom of=/data/large bs=1M count=200 2>/dev/null')
    const child = spawn(process.execPath, [CHILD, host, store.world.directory, store.name, 'never', 'backup'], {
      stdio: 'inherit',
    })
    await expect.poll(() => store.state('s3'), { interval: 20 }).toBe('paused')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await store.state('s3')).toBe('paused')
    await recoverLeft(store.world, store.target)
    expect(await store.state('s3')).toBe('running')
    await store.shell('s3', 'rm /data/large')
    expect(await now()).toEqual(before)
  })

  test.each([
    'operation.started container.stop',
    'operation.started data.restore:database',
    'operation.succeeded data.restore:database',
    'operation.started data.restore:objects',
    'operation.succeeded data.restore:cache',
    'operation.started container.awaitHealthy:app',
  ])('restore killed at "%s": recovery brings back what was there', async (moment) => {
    const before = await now()
    await killed(store, moment, good)
    await recoverLeft(store.world, store.target)
    expect(await now()).toEqual(before)
  })

  test('no password is in a backup, a journal or an event', async () => {
    const texts = readdirSync(store.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\/(backups|journal)/.test(entry.parentPath))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect([...texts, JSON.stringify(store.world.events)].filter((text) => text.includes(PASSWORD))).toEqual([])
  })
})
