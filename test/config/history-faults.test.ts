import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { historyStore, type Note, sha256 } from '../../src/core/config/history/index.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { writeFileAtomic } from '../../src/core/files.ts'
import { asNobody, fill, isRoot, newDirectory, newDisk } from '../state/places.ts'
import { rejection } from '../support/errors.ts'

const note: Note = { at: new Date(), by: 'ada@lab', command: 'test', reason: null, kind: 'change' }
const PAGE = 4096

/** A config in a directory, and its history. */
function configIn(directory: string) {
  const file = join(directory, 'config.yml')
  const store = historyStore(join(directory, 'config-backups'))
  const now = () => (existsSync(file) ? readFileSync(file) : undefined)
  let replaced = 0
  const change = (text: string) =>
    store.record({ ...note, former: now(), next: Buffer.from(text) }, async () => {
      replaced += 1
      await writeFileAtomic(file, text)
    })
  return { file, store, now, change, list: () => store.list(now()), replaced: () => replaced }
}

describe.skipIf(!isRoot)('rule 44, as root: a history on a disk that is full', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'with %i pages left: the config is not touched before its history is safe',
    async (pages) => {
      const disk = newDisk(256)
      const { file, now, change, list, replaced, store } = configIn(disk)
      await change('port: 1\n')
      writeFileSync(file, 'port: 2\n')
      fill(disk)
      // As many pages as the test says.
      const filler = join(disk, 'filler')
      truncateSync(filler, Math.max(0, readFileSync(filler).length - pages * PAGE))
      const { bavail } = statfsSync(disk)
      expect(bavail).toBe(pages)
      const before = replaced()
      const outcome = await change('port: 3\n').catch((thrown: unknown) => thrown)
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(DdalabError)
        expect(outcome).toMatchObject({ code: 'DISK_FULL', exit: 4 })
        expect(now()?.toString()).toBe('port: 2\n')
      } else {
        expect(now()?.toString()).toBe('port: 3\n')
        expect(replaced()).toBe(before + 1)
      }
      rmSync(filler)
      await change('port: 4\n')
      const { entries, problems } = await list()
      expect(problems).toEqual([])
      const written = entries.filter((entry) => entry.written)
      for (const { number, sha256: hash } of written) expect(sha256(await store.read(number))).toBe(hash)
      const texts = await Promise.all(written.map(async ({ number }) => (await store.read(number)).toString()))
      const middle = outcome instanceof Error ? [] : ['port: 3\n']
      expect(texts).toEqual(['port: 1\n', 'port: 2\n', ...middle, 'port: 4\n'])
    },
  )
})

describe.skipIf(!isRoot)('rule 44, as root: a history that may not be written', () => {
  it('is an error that names the place; the config is not touched', async () => {
    const directory = newDirectory()
    chmodSync(directory, 0o755)
    const { change, file, replaced } = configIn(directory)
    await change('port: 1\n')
    // Its directory is 0700: nobody else may even look into it.
    const error = await asNobody(() => rejection(change('port: 2\n')))
    expect(error.toData()).toMatchObject({ code: 'FILE_NOT_READABLE', exit: 4 })
    expect(error.message).toContain('config-backups')
    expect([readFileSync(file, 'utf8'), replaced()]).toEqual(['port: 1\n', 1])
  })

  it('on a file system that is read-only can be read', async () => {
    const disk = newDisk(256)
    const { change, list, store, replaced } = configIn(disk)
    await change('port: 1\n')
    execFileSync('mount', ['-o', 'remount,ro', disk])
    expect((await rejection(change('port: 2\n'))).toData()).toMatchObject({ code: 'FILE_NOT_WRITABLE', exit: 4 })
    expect(replaced()).toBe(1)
    expect((await list()).entries).toMatchObject([{ number: 1, current: true, kept: true }])
    expect((await store.read(1)).toString()).toBe('port: 1\n')
  })

  it('neither made: the directory of the instance is not ours', async () => {
    const directory = newDirectory()
    const error = await asNobody(() => rejection(configIn(directory).change('port: 1\n')))
    expect(error.toData()).toMatchObject({ code: 'FILE_NOT_WRITABLE', exit: 4 })
    expect(existsSync(join(directory, 'config.yml'))).toBe(false)
  })
})

it('a history in the place of which there is a file is an error, and the config is not touched', async () => {
  const directory = newDirectory()
  writeFileSync(join(directory, 'config-backups'), '')
  const { change, now } = configIn(directory)
  expect((await rejection(change('port: 1\n'))).code).toBe('FILE_NOT_WRITABLE')
  expect(now()).toBeUndefined()
})

type Event =
  | { readonly type: 'change' | 'hand' | 'dies-before' | 'dies-after'; readonly port: number }
  | { readonly type: 'prune' }
  | { readonly type: 'remove' }

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'change' as const,
        'change' as const,
        'hand' as const,
        'dies-before' as const,
        'dies-after' as const,
      ),
      port: fc.integer({ min: 0, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'prune' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'remove' as const }) },
)

it('after any writes, edits by hand and crashes, an entry gives exactly the bytes that the file had then', async () => {
  const root = newDirectory()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 40 }), async (events) => {
      runs += 1
      const directory = join(root, String(runs))
      mkdirSync(directory)
      const { file, store, now, change, list } = configIn(directory)
      // What the file was when each entry was made, as far as the one who made it came to know.
      const made = new Map<number, string>()
      const first = 'port: 0\n'

      async function happen(event: Event): Promise<void> {
        if (event.type === 'prune') return void (await store.prune(new Set([sha256(Buffer.from(first))])))
        if (event.type === 'remove') return rmSync(file, { force: true })
        const text = `port: ${event.port}\n`
        const former = now()
        switch (event.type) {
          case 'hand':
            return writeFileSync(file, text)
          case 'change': {
            const { entry, outside } = await change(text)
            made.set(entry.number, text)
            if (outside !== null) made.set(outside.number, former?.toString() ?? '')
            return
          }
          case 'dies-before':
          case 'dies-after': {
            const dying = store.record({ ...note, former, next: Buffer.from(text) }, async () => {
              if (event.type === 'dies-after') writeFileSync(file, text)
              throw new Error('died')
            })
            await dying.catch(() => {})
          }
        }
      }

      for (const event of events) {
        await happen(event)
        const { entries, problems, outside } = await list()
        expect(problems).toEqual([])
        expect(entries.map(({ number }) => number)).toEqual([...entries.keys()].map((index) => index + 1))
        const contents = await Promise.all(
          entries.map(async ({ number, kept }) => (kept ? (await store.read(number)).toString() : undefined)),
        )
        for (const [index, text] of contents.entries()) {
          if (text !== undefined) expect(text).toBe(made.get(index + 1) ?? text)
          else expect((await rejection(store.read(index + 1))).code).toBe('BACKUP_NOT_FOUND')
        }
        // The newest 20 are all kept, and what was asked for.
        expect(entries.slice(-20).every(({ kept }) => kept)).toBe(true)
        expect(contents.includes(first) || ![...made.values()].includes(first)).toBe(true)
        // What the file is now is the newest entry, or known not to be in any.
        const is = now()?.toString()
        const current = entries.findIndex((entry) => entry.current)
        if (is === undefined || outside) expect(current).toBe(-1)
        else expect(contents[current]).toBe(is)
        // An entry that was reported is never taken back.
        for (const number of made.keys()) expect(entries[number - 1]?.written).toBe(true)
      }
    }),
    {
      numRuns: 30,
      examples: [
        // A write that died, then the same one again: reported as carried out, and still so after the next edit by hand.
        [
          [
            { type: 'dies-after', port: 1 },
            { type: 'change', port: 1 },
            { type: 'hand', port: 2 },
          ],
        ],
        // A write of which nobody knows whether it was carried out, done again where the file is gone, and an edit back.
        [
          [
            { type: 'change', port: 0 },
            { type: 'dies-before', port: 4 },
            { type: 'remove' },
            { type: 'change', port: 4 },
            { type: 'hand', port: 0 },
          ],
        ],
      ],
    },
  )
})
