import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { historyStore, type Note, sha256 } from '../../src/core/config/history/index.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { newDirectory } from '../state/places.ts'
import { rejection } from '../support/errors.ts'

const note = (facts: Partial<Note> = {}): Note => ({
  at: new Date('2026-01-02T03:04:05Z'),
  by: 'ada@lab',
  command: 'ddalab config set api.port',
  reason: null,
  kind: 'change',
  ...facts,
})
const bytes = (text: string) => Buffer.from(text)
const text = (port: number) => `version: 3.0.0\napi:\n  port: ${port} # the port\n`

/** A config file and its history, as a command has them. */
function newConfig() {
  const directory = newDirectory()
  const file = join(directory, 'deployment-config.yml')
  const backups = join(directory, 'config-backups')
  const store = historyStore(backups)
  const now = () => {
    try {
      return readFileSync(file)
    } catch {
      return undefined
    }
  }
  const change = (next: string, facts?: Partial<Note>) =>
    store.record({ ...note(facts), former: now(), next: bytes(next) }, async () => writeFileSync(file, next))
  const list = () => store.list(now())
  const numbers = async () => (await list()).entries.map(({ number }) => number)
  return { file, backups, store, now, change, list, numbers }
}

describe('the history of a config', () => {
  it('has an entry for every write: who, when, by what, why, and what changed, but no values', async () => {
    const { change, list, store } = newConfig()
    await change(text(1), { kind: 'init', command: 'ddalab init' })
    await change(text(2), { reason: 'the port was taken' })
    const { entries, outside, problems } = await list()
    expect(entries).toEqual([
      {
        number: 1,
        at: '2026-01-02T03:04:05.000Z',
        by: 'ada@lab',
        command: 'ddalab init',
        reason: null,
        kind: 'init',
        sha256: sha256(bytes(text(1))),
        before: null,
        version: '3.0.0',
        changes: ['version', 'api.port'],
        written: true,
        kept: true,
        current: false,
      },
      expect.objectContaining({
        number: 2,
        reason: 'the port was taken',
        before: sha256(bytes(text(1))),
        changes: ['api.port'],
        current: true,
      }),
    ])
    expect({ outside, problems }).toEqual({ outside: false, problems: [] })
    expect(await store.read(1)).toEqual(bytes(text(1)))
    expect(await store.read(2)).toEqual(bytes(text(2)))
  })

  it('is only for its owner', async () => {
    if (process.platform === 'win32') return
    const { change, backups } = newConfig()
    await change(text(1))
    expect(statSync(backups).mode & 0o777).toBe(0o700)
    for (const name of await readdir(backups)) expect(statSync(join(backups, name)).mode & 0o777).toBe(0o600)
  })

  it('has no second entry for the same content', async () => {
    const { change, numbers, store, now } = newConfig()
    const first = await change(text(1))
    expect((await change(text(1))).entry.number).toBe(first.entry.number)
    expect((await store.noteOutside(now() ?? bytes(''), note({ kind: 'backup' }))).number).toBe(1)
    expect(await numbers()).toEqual([1])
  })

  it('takes in what somebody edited by hand before it is replaced', async () => {
    const { change, list, file, store } = newConfig()
    await change(text(1))
    writeFileSync(file, text(2))
    expect((await list()).outside).toBe(true)
    const { outside, entry } = await change(text(3), { reason: 'mine' })
    expect(outside).toMatchObject({ number: 2, kind: 'outside', by: null, reason: null, changes: ['api.port'] })
    expect(entry).toMatchObject({ number: 3, reason: 'mine' })
    expect(await store.read(2)).toEqual(bytes(text(2)))
  })

  it('takes in a file that was there before it, whatever it is', async () => {
    const { change, file, store, list } = newConfig()
    const binary = Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80])
    writeFileSync(file, binary)
    await change(text(1))
    expect(await store.read(1)).toEqual(binary)
    expect((await list()).entries[0]).toMatchObject({ kind: 'outside', version: null, changes: [] })
  })

  it('does not take an edit by hand that puts the former content back for a write that failed', async () => {
    const { change, list, file } = newConfig()
    await change(text(1))
    await change(text(2))
    writeFileSync(file, text(1))
    await change(text(3))
    expect((await list()).entries.map(({ kind, written }) => [kind, written])).toEqual([
      ['change', true],
      ['change', true],
      ['outside', true],
      ['change', true],
    ])
  })

  it('keeps the bytes of a file that was removed, and has no new entry when it comes back as it was', async () => {
    const { change, file, now, numbers } = newConfig()
    await change(text(1))
    rmSync(file)
    await change(text(1))
    expect(now()).toEqual(bytes(text(1)))
    expect(await numbers()).toEqual([1])
  })
})

describe('a write that fails', () => {
  it('passes the error on; the next command sees from the file that it was not carried out', async () => {
    const { change, store, now, list, numbers } = newConfig()
    await change(text(1))
    const failed = store.record({ ...note(), former: now(), next: bytes(text(2)) }, async () => {
      throw new DdalabError('FILE_NOT_WRITABLE', 'no')
    })
    expect((await rejection(failed)).message).toBe('no')
    expect((await list()).entries.map(({ written, current }) => [written, current])).toEqual([
      [true, true],
      [false, false],
    ])
    await change(text(3))
    expect(await numbers()).toEqual([1, 2, 3])
    expect((await list()).entries.map(({ written }) => written)).toEqual([true, false, true])
    expect((await list()).entries[2]?.before).toBe(sha256(bytes(text(1))))
  })

  it('says so when the file was edited since, and it cannot be known', async () => {
    const { change, store, now, list, file } = newConfig()
    await change(text(1))
    await store
      .record({ ...note(), former: now(), next: bytes(text(2)) }, () => Promise.reject(new Error()))
      .catch(() => {})
    writeFileSync(file, text(3))
    await change(text(4))
    expect((await list()).entries.map(({ kind, written }) => [kind, written])).toEqual([
      ['change', true],
      ['change', null],
      ['outside', true],
      ['change', true],
    ])
    expect(await store.read(2)).toEqual(bytes(text(2)))
  })
})

describe('what is kept', () => {
  it('is the newest 20 and one of each content that is needed; entries stay', async () => {
    const { change, store, numbers, list } = newConfig()
    for (let port = 1; port <= 30; port += 1) await change(text(port))
    const pruned = await store.prune(new Set([sha256(bytes(text(3))), sha256(bytes(text(29)))]))
    expect(pruned).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10])
    expect(await numbers()).toHaveLength(30)
    expect((await list()).entries.filter(({ kept }) => !kept).map(({ number }) => number)).toEqual(pruned)
    expect(await store.read(3)).toEqual(bytes(text(3)))
    const error = await rejection(store.read(4))
    expect(error.toData()).toMatchObject({ code: 'BACKUP_NOT_FOUND', exit: 3 })
    expect(error.message).toMatch(/no longer kept/)
    expect(error.options.hint).toMatch(/#3, #11, #12/)
    expect(await store.prune(new Set())).toEqual([3])
    expect((await change(text(31))).entry.number).toBe(31)
  })

  it('of a content that came back, is found under every number that had it', async () => {
    const { change, store } = newConfig()
    await change(text(0))
    for (let port = 1; port <= 25; port += 1) await change(text(port))
    await change(text(0), { kind: 'restore' })
    expect(await store.prune(new Set())).toContain(1)
    expect(await store.read(1)).toEqual(bytes(text(0)))
  })
})

describe('a damaged history', () => {
  it('is read as far as it can be; nothing of it is deleted, no number used twice', async () => {
    const { change, backups, list, numbers, store } = newConfig()
    for (const port of [1, 2, 3]) await change(text(port))
    const ledger = join(backups, 'history.jsonl')
    const [one = '', two = '', three = ''] = (await readFile(ledger, 'latin1')).split('\n')
    const junk = '{"number":2,"at\xff\xfe'
    writeFileSync(ledger, `${one}\n${junk}\n${three}\n${one}\n`, 'latin1')
    expect(await numbers()).toEqual([1, 3])
    const { problems } = await list()
    expect(problems.map(({ place }) => [place?.file.slice(backups.length + 1), place?.line])).toEqual([
      ['history.jsonl', 2],
      ['history.jsonl', 4],
      ['0002.yml', undefined],
    ])
    expect(await store.read(2)).toEqual(bytes(text(2)))
    expect((await change(text(4))).entry.number).toBe(4)
    expect(await readFile(ledger, 'latin1')).toContain(`\n${junk}\n`)
    expect(two).not.toBe('')
  })

  it('counts on from its snapshots when the entries are lost', async () => {
    const { change, backups, store } = newConfig()
    for (const port of [1, 2, 3]) await change(text(port))
    rmSync(join(backups, 'history.jsonl'))
    expect((await change(text(4))).entry.number).toBe(5)
    expect(await store.read(1)).toEqual(bytes(text(1)))
    expect(await store.read(4)).toEqual(bytes(text(3)))
  })

  it('does not give out a snapshot that was changed', async () => {
    const { change, backups, store, list } = newConfig()
    await change(text(1))
    await change(text(2))
    appendFileSync(join(backups, '0001.yml'), 'x')
    expect((await rejection(store.read(1))).toData()).toMatchObject({ code: 'BACKUP_DAMAGED', exit: 4 })
    expect((await list()).problems).toMatchObject([
      { code: 'BACKUP_DAMAGED', place: { file: join(backups, '0001.yml') } },
    ])
    expect((await list()).entries.map(({ kept }) => kept)).toEqual([false, true])
    for (let port = 3; port <= 30; port += 1) await change(text(port))
    expect(await store.prune(new Set())).not.toContain(1)
  })

  it('that is a directory in place of a file is an error that says so', async () => {
    const { backups, list, change, now } = newConfig()
    await mkdir(join(backups, 'history.jsonl'), { recursive: true })
    expect((await rejection(list())).code).toBe('FILE_NOT_READABLE')
    expect((await rejection(change(text(1)))).code).toBe('FILE_NOT_READABLE')
    expect(now()).toBeUndefined()
  })
})

describe('the word for an entry', () => {
  it.each([
    ['2', 2],
    ['#2', 2],
    ['latest', 4],
    ['-1', 2],
    ['latest-1', 2],
    ['-2', 1],
  ])('%s is entry %i', async (word, number) => {
    const { change, store, now } = newConfig()
    await change(text(1))
    await change(text(2))
    await store
      .record({ ...note(), former: now(), next: bytes(text(0)) }, () => Promise.reject(new Error()))
      .catch(() => {})
    await change(text(4))
    expect(await store.find(word, now())).toEqual({
      number,
      name: `#${number}`,
      bytes: bytes(text(number)),
    })
  })

  it('"-1" is the newest entry when the file was edited by hand since', async () => {
    const { change, store, file, now } = newConfig()
    await change(text(1))
    await change(text(2))
    writeFileSync(file, text(3))
    expect((await store.find('-1', now())).number).toBe(2)
    expect((await store.find('-2', now())).number).toBe(1)
  })

  it('can be the path of a file', async () => {
    const { store, file } = newConfig()
    writeFileSync(file, text(7))
    expect(await store.find(file, undefined)).toEqual({ number: null, name: file, bytes: bytes(text(7)) })
  })

  it.each(['9', '#9', '-9', 'nonsense', '7.yml'])(
    '%s that does not exist is BACKUP_NOT_FOUND with what there is',
    async (word) => {
      const { change, store, now } = newConfig()
      await change(text(1))
      const error = await rejection(store.find(word, now()))
      expect(error.toData()).toMatchObject({ code: 'BACKUP_NOT_FOUND', exit: 3 })
      expect(error.options.hint).toMatch(/#1|number/)
    },
  )

  it('says that there is nothing yet', async () => {
    expect((await rejection(newConfig().store.find('latest', undefined))).options.hint).toMatch(/first backup/)
  })
})
