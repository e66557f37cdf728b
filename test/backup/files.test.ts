import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { zstdDecompressSync } from 'node:zlib'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { describe, expect, test } from 'vitest'
import type { Backup, BackupPart } from '../../src/core/release/backup/backup.ts'
import type { LoadIdentities } from '../../src/core/release/backup/decode.ts'
import { encodeFile } from '../../src/core/release/backup/encode.ts'
import { backupStore } from '../../src/core/release/backup/store.ts'
import { fill, isRoot, newDirectory, newDisk } from '../state/places.ts'
import { recorded, recording, restorePower } from '../support/power-cut.ts'

const ID = 'b-20260321-154501'
const data = Buffer.concat([Buffer.alloc(300_000, 'row\n'), randomBytes(200_000)])
const noKeys: LoadIdentities = async () => ({ keys: [], lookedIn: ['/home/lab/identity.txt'] })

async function write(path: string, content: Buffer, recipients: readonly string[] = []) {
  const encoder = encodeFile(path, recipients)
  await pipeline(Readable.from([content]), encoder.input).catch(() => undefined)
  return encoder.finish()
}

/** A complete backup of one part. */
async function aBackup(directory: string, recipients: readonly string[] = [], identities = noKeys) {
  const store = backupStore(directory, identities)
  const draft = await store.begin(ID)
  const encoded = await write(draft.path('files.tar.zst'), data, recipients)
  const part: BackupPart = {
    name: 'files',
    kind: 'volume',
    service: 'app',
    file: 'files.tar.zst',
    ...encoded,
    compression: 'zstd',
    encrypted: recipients.length > 0,
    facts: {},
    durationMs: 5,
  }
  const backup: Backup = {
    format: 1,
    id: ID,
    at: '2026-03-21T15:45:01.000Z',
    by: 'somebody',
    command: 'ddalab backup create',
    reason: 'backup create',
    release: 'r-0001',
    version: '1.0.0',
    recipients: [...recipients],
    parts: [part],
  }
  await draft.complete(backup)
  return { store, part, backup, file: join(directory, ID, part.file) }
}

describe('the files of a backup', () => {
  test('hold the data, compressed, and only their owner may read them', async () => {
    const directory = join(newDirectory(), 'backups')
    const { store, part, backup, file } = await aBackup(directory)
    expect(await store.read(ID)).toEqual(backup)
    await store.check(ID, part)
    expect((await buffer(store.open(ID, part))).equals(data)).toBe(true)
    expect(zstdDecompressSync(readFileSync(file)).equals(data)).toBe(true)
    expect(part.size).toBe(statSync(file).size)
    const modes = [directory, join(directory, ID), file, join(directory, ID, 'backup.json')]
    expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '700', '600', '600'])
  })

  test('are age files for the recipients, which age itself opens, and nobody else', async () => {
    const identity = await generateX25519Identity()
    const recipients = [await identityToRecipient(identity)]
    const directory = newDirectory()
    const { part, file } = await aBackup(directory, recipients)

    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    expect(zstdDecompressSync(await decrypter.decrypt(readFileSync(file))).equals(data)).toBe(true)

    const ours = backupStore(directory, async () => ({ keys: [identity], lookedIn: [] }))
    expect((await buffer(ours.open(ID, part))).equals(data)).toBe(true)
    const other = await generateX25519Identity()
    const others = backupStore(directory, async () => ({ keys: [other], lookedIn: ['/home/lab/identity.txt'] }))
    await expect(buffer(others.open(ID, part))).rejects.toMatchObject({
      code: 'IDENTITY_MISSING',
      options: { hint: expect.stringContaining('/home/lab/identity.txt') },
    })
  })

  const damages: readonly [string, (file: string) => void][] = [
    [
      'one byte is another',
      (file) =>
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
        ),
    ],
    ['it is cut off', (file) => truncateSync(file, statSync(file).size - 10)],
    ['it is empty', (file) => truncateSync(file, 0)],
    ['it is gone', (file) => rmSync(file)],
  ]
  test.each(damages)('are known as damaged when %s', async (_what, damage) => {
    const { store, part, file } = await aBackup(newDirectory())
    damage(file)
    await expect(store.check(ID, part)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  })

  test.each([false, true])(
    'cannot be restored as something else where the checksum was changed as well (encrypted: %s)',
    async (encrypted) => {
      const identity = await generateX25519Identity()
      const recipients = encrypted ? [await identityToRecipient(identity)] : []
      const { store, part, file } = await aBackup(newDirectory(), recipients, async () => ({
        keys: [identity],
        lookedIn: [],
      }))
      writeFileSync(
        file,
        readFileSync(file).map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
      )
      await expect(buffer(store.open(ID, part))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
      truncateSync(file, statSync(file).size - 30)
      await expect(buffer(store.open(ID, part))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
    },
  )

  test('a manifest that names a file elsewhere is not believed', async () => {
    const directory = newDirectory()
    const { store } = await aBackup(directory)
    const manifest = join(directory, ID, 'backup.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"files.tar.zst"', '"../../secret"'))
    await expect(store.read(ID)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
    const { backups, damaged } = await store.list()
    expect({ backups, damaged: damaged.map(({ id }) => id) }).toEqual({ backups: [], damaged: [ID] })
    await expect(store.read('../b')).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' })
  })
})

describe('a backup that was not finished', () => {
  test('is none, and the next one clears it away', async () => {
    const directory = newDirectory()
    const store = backupStore(directory, noKeys)
    const draft = await store.begin(ID)
    await write(draft.path('files.tar.zst'), data)
    expect(await store.list()).toEqual({ backups: [], damaged: [] })
    await expect(store.read(ID)).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' })
    await store.begin('b-20260321-154502')
    expect(readdirSync(directory)).toEqual(['.b-20260321-154502.partial'])
    await store.remove('b-20260321-154502')
    await store.remove('b-20260321-154502')
    expect(readdirSync(directory)).toEqual([])
  })

  test.skipIf(!isRoot)('root: rule 44: a full disk is told, at whatever byte it is full', async () => {
    const directory = newDisk(512)
    const store = backupStore(directory, noKeys)
    const draft = await store.begin(ID)
    const makeSpace = fill(directory)
    await expect(write(draft.path('files.tar.zst'), data)).rejects.toMatchObject({ code: 'DISK_FULL' })
    makeSpace()
    await expect(write(draft.path('other.tar.zst'), randomBytes(700_000))).rejects.toMatchObject({ code: 'DISK_FULL' })
    await store.remove(ID)
    expect(existsSync(draft.path(''))).toBe(false)
    await aBackup(directory)
  })

  test('go after the name of their backup: a power cut leaves no half of one, in whatever order the disk writes', async () => {
    const [directory, state] = [newDirectory(), join(newDirectory(), 'state.json')]
    const { store, part } = await aBackup(directory)
    const source = join(import.meta.dirname, '../../src/core/release/backup/store.ts')
    const removal = `import { backupStore } from ${JSON.stringify(pathToFileURL(source).href)}
      await backupStore(${JSON.stringify(directory)}, undefined).remove(${JSON.stringify(ID)})`
    execFileSync(process.execPath, ['--input-type=module', '-e', removal], {
      env: { ...process.env, ...recording(directory, state, 0) },
    })
    expect(await store.ids()).toEqual([])
    // The first of its changes is lost, and all others are not.
    let changes = 0
    restorePower(directory, recorded(state), () => {
      changes += 1
      return changes > 1
    })
    for (const id of await store.ids()) await store.check(id, part)
  })
})

test('age itself opens an encrypted part, where it is installed', async ({ skip }) => {
  const directory = newDirectory()
  const identity = await generateX25519Identity()
  const key = join(directory, 'key.txt')
  writeFileSync(key, `${identity}\n`, { mode: 0o600 })
  const { file } = await aBackup(join(directory, 'backups'), [await identityToRecipient(identity)])
  try {
    execFileSync('age', ['--version'])
  } catch {
    return skip('there is no age here')
  }
  const plain = execFileSync('age', ['-d', '-i', key, file], { maxBuffer: 1e8 })
  expect(zstdDecompressSync(plain).equals(data)).toBe(true)
})
