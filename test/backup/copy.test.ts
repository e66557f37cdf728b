import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { DdalabError } from '../../src/core/errors.ts'
import { operationId } from '../../src/core/kernel/index.ts'
import type { DataAccess, DataPart } from '../../src/core/providers/docker/data/index.ts'
import { dataBackup } from '../../src/core/release/backup/operations.ts'
import { backupStore } from '../../src/core/release/backup/store.ts'
import { isRoot, newDirectory, newDisk } from '../state/places.ts'

const ID = 'b-20260321-154501'
const part: DataPart = {
  name: 'files',
  kind: 'volume',
  service: 'app',
  container: 'c1',
  images: ['i1'],
  path: '/files',
  pause: [],
  bucket: '',
  live: true,
  variables: { user: '', database: '', password: '' },
}
function* megabytes(count: number): Generator<Buffer> {
  for (let made = 0; made < count; made += 1) yield randomBytes(1024 * 1024)
}

const torn = new DdalabError('OPERATION_FAILED', 'The archive breaks off.')

/** Backs up what `chunks` say, judged by `check`. */
async function back(directory: string, chunks: () => Iterable<Buffer>, check: DataAccess['check'], live = true) {
  const never = () => Promise.reject(new Error('not asked for'))
  const access: DataAccess = {
    save: async (_part, target) => {
      await pipeline(Readable.from(chunks()), target, { end: false })
      return {}
    },
    check,
    load: never,
    rehearse: never,
    tidy: async () => undefined,
  }
  const store = backupStore(directory, async () => ({ keys: [], lookedIn: [] }))
  const now = () => new Date('2026-03-21T15:45:01Z')
  const handler = dataBackup({ store, access, now, by: 'me', command: 'test', rollbackPoints: async () => [] })
  const input = {
    id: ID,
    reason: 'test',
    release: null,
    version: '1',
    recipients: [],
    keepWhenUndone: false,
    parts: [{ ...part, live }],
  }
  const operation = {
    id: operationId('data.backup', ID),
    kind: 'data.backup',
    resource: '',
    cause: '',
    effect: '',
    phase: 'apply',
    after: [],
    input,
  } as const
  await handler.execute(operation, { run: 'r', signal: new AbortController().signal, urgency: 0, progress: () => {} })
  return store
}

describe('rule 13: the copy of a part', () => {
  test('that files tore which changed meanwhile is made once more', async () => {
    let tries = 0
    const store = await back(
      newDirectory(),
      () => [Buffer.from(`try ${tries}`)],
      async (_part, { source }) => {
        const text = (await buffer(source)).toString()
        expect(text).toBe(`try ${tries}`)
        tries += 1
        if (tries < 3) throw torn
      },
    )
    const [backup] = (await store.list()).backups
    const [copied] = backup?.parts ?? []
    if (copied === undefined) throw new Error('no part')
    expect((await buffer(store.open(ID, copied))).toString()).toBe('try 2')
  })

  test.each([true, false])('that cannot be read is no backup, and leaves nothing (live: %s)', async (live) => {
    const directory = newDirectory()
    let tries = 0
    const backing = back(
      directory,
      () => [Buffer.from('x')],
      async () => {
        tries += 1
        throw torn
      },
      live,
    )
    await expect(backing).rejects.toBe(torn)
    expect(tries).toBe(live ? 3 : 1)
    expect(readdirSync(directory)).toEqual([])
  })

  test.skipIf(!isRoot)('root: rule 44: does not take the last space of its disk', async () => {
    const directory = newDisk(300 * 1024)
    const backing = back(
      directory,
      () => megabytes(400),
      async () => undefined,
    )
    await expect(backing).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('before it took the last space'),
    })
    expect(readdirSync(directory)).toEqual([])
  })
})
