import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createFileAtomic,
  keepAside,
  putBack,
  readFileIfExists,
  removeTemporaries,
  writeFileAtomic,
} from '../../src/core/files.ts'
import { asNobody, fill, isRoot, newDirectory, newDisk } from './places.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('rule 44: a file is replaced as a whole', () => {
  test('by its new content, with nothing left beside it', async () => {
    const directory = newDirectory()
    const path = join(directory, 'a.yml')
    await writeFileAtomic(path, 'one')
    await writeFileAtomic(path, new TextEncoder().encode('two'))
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(directory)).toEqual(['a.yml'])
  })

  test('an existing one keeps its mode, a new one follows the umask, and a given mode wins', async () => {
    const directory = newDirectory()
    const path = join(directory, 'a.yml')
    await writeFileAtomic(path, 'one')
    expect(modeOf(path)).toBe(0o666 & ~process.umask())
    chmodSync(path, 0o640)
    await writeFileAtomic(path, 'two')
    expect(modeOf(path)).toBe(0o640)
    await writeFileAtomic(path, 'secret', { mode: 0o600 })
    expect(modeOf(path)).toBe(0o600)
  })

  test('a symbolic link stays one, and so does a link to what does not exist yet', async () => {
    const directory = newDirectory()
    mkdirSync(join(directory, 'real'))
    symlinkSync('real/a.yml', join(directory, 'one'))
    symlinkSync('one', join(directory, 'two'))
    await writeFileAtomic(join(directory, 'two'), 'first')
    await writeFileAtomic(join(directory, 'two'), 'second')
    expect(readlinkSync(join(directory, 'two'))).toBe('one')
    expect(lstatSync(join(directory, 'one')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(directory, 'real/a.yml'), 'utf8')).toBe('second')
  })

  test('a directory that does not exist is named', async () => {
    const path = join(newDirectory(), 'none/a.yml')
    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      exit: 4,
      message: `${path}: its directory does not exist`,
    })
  })

  test('a directory in its place is left alone', async () => {
    const directory = newDirectory()
    mkdirSync(join(directory, 'a.yml'))
    await expect(writeFileAtomic(join(directory, 'a.yml'), 'x')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' })
    expect(readdirSync(directory)).toEqual(['a.yml'])
  })
})

describe.skipIf(!isRoot)('rule 44: what stands in the way (needs root)', () => {
  test('the owner is kept', async () => {
    const path = join(newDirectory(), 'a.yml')
    writeFileSync(path, 'old')
    chownSync(path, 1234, 1235)
    await writeFileAtomic(path, 'new')
    expect(statSync(path)).toMatchObject({ uid: 1234, gid: 1235 })
  })

  test('a full disk: the old content stays and nothing is left beside it', async () => {
    const disk = newDisk(64)
    const path = join(disk, 'a.yml')
    await writeFileAtomic(path, 'old')
    await expect(writeFileAtomic(path, 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'DISK_FULL', exit: 4 })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(disk)).toEqual(['a.yml'])
  })

  test('no permission', async () => {
    const path = join(newDirectory(), 'a.yml')
    writeFileSync(path, 'old', { mode: 0o600 })
    await asNobody(async () => {
      await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' })
      await expect(readFileIfExists(path)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE', exit: 4 })
    })
  })

  test('a read-only file system', async () => {
    const disk = newDisk(64)
    execFileSync('mount', ['-o', 'remount,ro', disk])
    await expect(writeFileAtomic(join(disk, 'a'), 'x')).rejects.toThrow(/it is on a read-only file system/)
  })

  test('a file mounted on its own, as containers do', async () => {
    const directory = newDirectory()
    const path = join(directory, 'a.yml')
    const source = join(directory, 'source.yml')
    writeFileSync(source, 'old')
    writeFileSync(path, '')
    execFileSync('mount', ['--bind', source, path])
    onTestFinished(() => void execFileSync('umount', [path]))
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow(/mounted on its own/)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(directory).sort()).toEqual(['a.yml', 'source.yml'])
  })
})

test('a file that does not exist reads as undefined', async () => {
  const directory = newDirectory()
  writeFileSync(join(directory, 'a'), 'x')
  expect(await readFileIfExists(join(directory, 'a'))).toBe('x')
  expect(await readFileIfExists(join(directory, 'b'))).toBeUndefined()
  expect(await readFileIfExists(join(directory, 'a/b'))).toBeUndefined()
})

describe('a file that is kept aside', () => {
  test('comes back with content and mode, also through a link, and once is enough', async () => {
    const directory = newDirectory()
    const [path, aside] = [join(directory, 'link'), join(directory, 'aside')]
    symlinkSync('real', path)
    await writeFileAtomic(path, 'former', { mode: 0o640 })
    expect(await keepAside(path, aside)).toBe(true)
    await writeFileAtomic(path, 'new', { mode: 0o600 })
    await putBack(aside, path)
    await putBack(aside, path)
    expect(readFileSync(path, 'utf8')).toBe('former')
    expect(modeOf(path)).toBe(0o640)
    expect(readlinkSync(path)).toBe('real')
  })

  test('one that was never replaced is as it was; one that is not there cannot be kept', async () => {
    const directory = newDirectory()
    const [path, aside] = [join(directory, 'a.yml'), join(directory, 'aside')]
    expect(await keepAside(path, aside)).toBe(false)
    await writeFileAtomic(path, 'former')
    await keepAside(path, aside)
    await putBack(aside, path)
    expect(readFileSync(path, 'utf8')).toBe('former')
  })

  test.skipIf(!isRoot)('rule 44: on a full disk too (needs root)', async () => {
    const directory = newDisk(64)
    const [path, aside] = [join(directory, 'a.yml'), join(directory, 'aside')]
    await writeFileAtomic(path, 'former')
    await keepAside(path, aside)
    await writeFileAtomic(path, 'new')
    fill(directory)
    await expect(writeFileAtomic(path, 'newer')).rejects.toMatchObject({ code: 'DISK_FULL' })
    await putBack(aside, path)
    expect(readFileSync(path, 'utf8')).toBe('former')
  })
})

describe('a file that is made', () => {
  test('is whole at once, for its owner only; of many who make it exactly one does', async () => {
    const directory = newDirectory()
    const path = join(directory, 'lease.json')
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) => createFileAtomic(path, `by ${index}\n`, { mode: 0o600, sync: false })),
    )
    expect(made.filter((isMine) => isMine)).toHaveLength(1)
    expect(readFileSync(path, 'utf8')).toBe(`by ${made.indexOf(true)}\n`)
    expect([modeOf(path), readdirSync(directory)]).toEqual([0o600, ['lease.json']])
  })

  test('like another one has its mode', async () => {
    const directory = newDirectory()
    const [path, other] = [join(directory, 'a.yml'), join(directory, 'b.yml')]
    writeFileSync(path, '', { mode: 0o600 })
    chmodSync(path, 0o640)
    await writeFileAtomic(other, 'b', { like: path })
    expect(modeOf(other)).toBe(0o640)
  })
})

test('what killed writers left of a file is removed, and nothing else', async () => {
  const directory = newDirectory()
  const path = join(directory, 'a.yml')
  const left = '.a.yml.0123456789ab.tmp'
  const others = ['.b.yml.0123456789ab.tmp', 'a.yml', 'a.yml.tmp', '.a.yml.swp']
  for (const name of [left, ...others]) writeFileSync(join(directory, name), 'x')
  await removeTemporaries(path)
  await removeTemporaries(join(directory, 'nowhere', 'a.yml'))
  expect(readdirSync(directory).toSorted()).toEqual(others.toSorted())
})
