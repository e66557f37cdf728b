import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type Journal,
  type JournalRecord,
  type JournalStore,
  newRunId,
  operationId,
  type Plan,
} from '../../src/core/kernel/index.ts'
import { createJournalStore } from '../../src/core/state/index.ts'
import { asNobody, isRoot, newDirectory, newDisk } from './places.ts'

const plan: Plan = { instance: 'demo', action: 'deploy', fingerprint: 'f', operations: [], downtime: [] }
const begin = (run: string): JournalRecord => ({
  type: 'begin',
  run,
  at: '2026-11-21T08:47:00.000Z',
  command: 'deploy',
  plan,
})
const intent = (name: string): JournalRecord => ({ type: 'intent', operation: operationId('step', name) })
const end = (result: 'committed' | 'rollback-failed'): JournalRecord => ({
  type: 'end',
  result,
  at: '2026-11-21T08:48:00.000Z',
})

/** A store whose journals are closed at the end of the test. */
function storeIn(directory: string): JournalStore {
  const store = createJournalStore(directory)
  const closing = (opening: (run: string) => Promise<Journal>) => async (run: string) => {
    const journal = await opening(run)
    let closed: Promise<void> | undefined
    const close = (): Promise<void> => (closed ??= journal.close())
    onTestFinished(close)
    return { append: journal.append, close }
  }
  return { create: closing(store.create), reopen: closing(store.reopen), unfinished: store.unfinished }
}

function newStore() {
  const directory = join(newDirectory(), 'journal')
  return { directory, store: storeIn(directory) }
}

async function complete(store: JournalStore, run: string): Promise<void> {
  const journal = await store.create(run)
  for (const record of [begin(run), end('committed')]) await journal.append(record)
  await journal.close()
}

test('run ids sort by time and are fit for file names', () => {
  const ids = ['2026-11-21T08:47:00Z', '2026-11-21T08:47:09Z', '2027-01-01T00:00:00Z'].map((time) =>
    newRunId(new Date(time), '3f9a1c2e-0000-4000-8000-000000000000'),
  )
  expect(ids[0]).toBe('2026-11-21T08-47-00Z-3f9a1c2e')
  expect([...ids].sort()).toEqual(ids)
})

test('an unfinished run is found with its lines, and is no longer when it has ended', async () => {
  const { store, directory } = newStore()
  expect(await store.unfinished()).toBeUndefined()
  const journal = await store.create('r1')
  await journal.append(begin('r1'))
  await journal.append(intent('a'))
  expect(await store.unfinished()).toEqual({ run: 'r1', records: [begin('r1'), intent('a')] })
  await journal.append(end('committed'))
  expect(await store.unfinished()).toBeUndefined()
  await journal.close()
  expect(readdirSync(directory)).toEqual(['r1.ndjson'])
})

test('a run whose undo failed stays to be recovered, and can be ended later', async () => {
  const { store } = newStore()
  const journal = await store.create('r1')
  await journal.append(begin('r1'))
  await journal.append(end('rollback-failed'))
  await journal.close()
  expect((await store.unfinished())?.run).toBe('r1')
  const again = await store.reopen('r1')
  await again.append(end('committed'))
  await again.close()
  expect(await store.unfinished()).toBeUndefined()
})

test('no run begins while another is not complete', async () => {
  const { store } = newStore()
  await (await store.create('r1')).close()
  await expect(store.create('r2')).rejects.toThrow(/r1 has not been recovered/)
})

test('a run that ended just before the process died, without its new name, is complete', async () => {
  const { store, directory } = newStore()
  await complete(store, 'r1')
  renameSync(join(directory, 'r1.ndjson'), join(directory, 'r1.open.ndjson'))
  expect(await store.unfinished()).toBeUndefined()
  await complete(store, 'r2')
  expect(readdirSync(directory)).toEqual(['r1.ndjson', 'r2.ndjson'])
})

test('the last 50 complete journals are kept', async () => {
  const { store, directory } = newStore()
  mkdirSync(directory)
  for (let run = 100; run < 160; run += 1) {
    writeFileSync(join(directory, `r${run}.ndjson`), `${JSON.stringify(end('committed'))}\n`)
  }
  await store.create('r160')
  const left = readdirSync(directory)
  expect(left).toHaveLength(51)
  expect([left[0], left.at(-1)]).toEqual(['r110.ndjson', 'r160.open.ndjson'])
})

test.skipIf(process.platform === 'win32')('only its owner can read a journal', async () => {
  const { store, directory } = newStore()
  await store.create('r1')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(statSync(join(directory, 'r1.open.ndjson')).mode & 0o777).toBe(0o600)
})

test('many lines at once are all there, in order', async () => {
  const { store } = newStore()
  const journal = await store.create('r1')
  const records = [begin('r1'), ...Array.from({ length: 500 }, (_, index) => intent(`${index}`))]
  await Promise.all(records.map((record) => journal.append(record)))
  expect((await store.unfinished())?.records).toEqual(records)
})

describe('rule 03: what a crash leaves at the end', () => {
  const torn = async (tail: string) => {
    const { store, directory } = newStore()
    const journal = await store.create('r1')
    await journal.append(begin('r1'))
    await journal.append(intent('ä'))
    await journal.close()
    const path = join(directory, 'r1.open.ndjson')
    appendFileSync(path, tail)
    return { store, path }
  }

  test.each([
    ['half a line', '{"type":"do'],
    ['a whole line without its end', JSON.stringify(end('committed'))],
    ['blocks that were never written', '\0'.repeat(100)],
    ['an unreadable line', '{"type":"in\0\0\0"}\n'],
  ])('%s is dropped, and the next line is written in its place', async (_what, tail) => {
    const { store, path } = await torn(tail)
    expect((await store.unfinished())?.records).toEqual([begin('r1'), intent('ä')])
    const journal = await store.reopen('r1')
    await journal.append(end('committed'))
    await journal.close()
    const lines = readFileSync(path.replace('.open', ''), 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['begin', 'intent', 'end'])
  })

  test('an unreadable line amid others is no crash: a person has to look', async () => {
    const { store } = await torn(`garbage\n${JSON.stringify(intent('b'))}\n`)
    await expect(store.unfinished()).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED', options: { place: { line: 3 } } })
  })
})

describe.skipIf(!isRoot)('rule 44: what stands in the way (needs root)', () => {
  test('a full disk refuses lines, leaves none of them behind, and takes the next when there is space', async () => {
    const disk = newDisk(64)
    const store = storeIn(join(disk, 'journal'))
    const journal = await store.create('r1')
    await journal.append(begin('r1'))
    await expect(journal.append(intent('x'.repeat(100_000)))).rejects.toMatchObject({ code: 'DISK_FULL' })
    await journal.append(intent('small'))
    expect((await store.unfinished())?.records).toEqual([begin('r1'), intent('small')])
  })

  test('no permission to write it', async () => {
    const { store, directory } = newStore()
    mkdirSync(directory)
    chmodSync(join(directory, '..'), 0o755)
    await asNobody(async () => {
      await expect(store.create('r1')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE', exit: 4 })
    })
    expect(existsSync(join(directory, 'r1.open.ndjson'))).toBe(false)
  })

  test('no permission to look', async () => {
    const { store, directory } = newStore()
    mkdirSync(directory, { mode: 0o700 })
    await asNobody(async () => {
      await expect(store.unfinished()).rejects.toMatchObject({ code: 'FILE_NOT_READABLE', exit: 4 })
    })
  })
})
