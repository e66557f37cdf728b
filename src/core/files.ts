import { randomBytes } from 'node:crypto'
import { type FileHandle, link, open, readdir, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from './errors.ts'
import { isMissing, readError, writeError } from './file-errors.ts'

export { isMissing, readError, writeError } from './file-errors.ts'

export interface WriteOptions {
  /** Permission bits, `0o600` for what holds secrets. Without it an existing file keeps its own, a new one follows the umask. */
  readonly mode?: number
  /** The file whose owner and mode it gets, in place of its own former ones: one that it is to take the place of later. */
  readonly like?: string
}

/**
 * Replaces a file as a whole: whoever reads it, also after a crash or a power cut, finds the old content or the new one
 * (rule 44). Owner and mode are kept, a symbolic link stays one. The directory must exist.
 *
 * Throws DISK_FULL or FILE_NOT_WRITABLE; the file is then as it was.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { mode, like = path }: WriteOptions = {},
): Promise<void> {
  try {
    const target = await followLinks(path)
    const former = await statIfExists(like)
    const temporary = temporaryOf(target)
    const finalMode = mode ?? (former === undefined ? 0o666 & ~process.umask() : former.mode & 0o7777)
    try {
      // Narrow until it has its owner, so that nobody else can open it in between.
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(content)
        if (former !== undefined) await keepOwner(file, former)
        await file.chmod(finalMode)
        await file.sync()
      } finally {
        await file.close()
      }
      await renameWithRetry(temporary, target)
    } catch (thrown) {
      await rm(temporary, { force: true })
      throw thrown
    }
    await syncDirectory(dirname(target))
  } catch (thrown) {
    throw writeError(thrown, path)
  }
}

/**
 * Makes a file that is whole from its first moment on; false when there is one already. `sync`: it survives a power cut.
 *
 * Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function createFileAtomic(
  path: string,
  content: string,
  { mode, sync }: { readonly mode: number; readonly sync: boolean },
): Promise<boolean> {
  const temporary = temporaryOf(path)
  try {
    await writeNew(temporary, content, mode, sync)
    try {
      await link(temporary, path)
    } catch (thrown) {
      // Cleared away by one who was faster: see `removeTemporaries`.
      if (isMissing(thrown)) return false
      if (!NO_LINKS.includes(systemCode(thrown) ?? '')) throw thrown
      await writeNew(path, content, mode, sync)
    }
    if (sync) await syncDirectory(dirname(path))
    return true
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false
    throw writeError(thrown, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** What a file system without hard links says. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** A file that cannot be written as a whole is not left behind. */
async function writeNew(path: string, content: string, mode: number, sync: boolean): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    if (sync) await file.sync()
  } catch (thrown) {
    await rm(path, { force: true })
    throw thrown
  } finally {
    await file.close()
  }
}

/**
 * Removes what a process that was killed in mid-write left of this file; it may hold secrets. Only for those whose writing
 * of the file nobody else's can meet. Throws FILE_NOT_WRITABLE.
 */
export async function removeTemporaries(path: string): Promise<void> {
  try {
    const target = await followLinks(path)
    const own = (await readdir(dirname(target))).filter((name) => temporaryFor(name) === basename(target))
    for (const name of own) await rm(join(dirname(target), name), { force: true })
  } catch (thrown) {
    if (!isMissing(thrown)) throw writeError(thrown, path)
  }
}

/** The file of which this is the name of one that is not complete yet; undefined for any other name. */
export function temporaryFor(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]{12}\.tmp$/.exec(name)?.[1]
}

function temporaryOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
}

/**
 * Keeps what is at `path` under another name, where `putBack` finds it: content, owner and mode. Takes no space where the
 * file system has hard links, because files are replaced and never written into. False when there is no such file.
 *
 * Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function keepAside(path: string, aside: string): Promise<boolean> {
  try {
    const target = await followLinks(path)
    const former = await statIfExists(target)
    if (former === undefined) return false
    try {
      await link(target, aside)
    } catch {
      await writeFileAtomic(aside, await readFile(target), { mode: former.mode & 0o7777 })
    }
    await syncDirectory(dirname(aside))
    return true
  } catch (thrown) {
    throw writeError(thrown, aside)
  }
}

/**
 * Puts what `keepAside` kept in its former place; nothing when it is there already. Takes no space, so that it also works
 * on a disk that is full. Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function putBack(aside: string, path: string): Promise<void> {
  try {
    const target = await followLinks(path)
    try {
      await renameWithRetry(aside, target)
    } catch (thrown) {
      if (isMissing(thrown)) return
      if (systemCode(thrown) !== 'EXDEV') throw thrown
      await writeFileAtomic(target, await readFile(aside), { mode: (await stat(aside)).mode & 0o7777 })
    }
    await syncDirectory(dirname(target))
  } catch (thrown) {
    throw writeError(thrown, path)
  }
}

/** The bytes of a file, or undefined when there is none. Throws FILE_NOT_READABLE. */
export async function readBytesIfExists(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, path)
  }
}

/** The text of a file, or undefined when there is none. Throws FILE_NOT_READABLE. */
export async function readFileIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, path)
  }
}

/** Makes created, renamed and removed names in a directory durable, where the system can do that. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } catch (thrown) {
    // Some network file systems cannot; they make names durable by themselves.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EBADF'].includes(systemCode(thrown) ?? '')) throw thrown
  } finally {
    await directory.close()
  }
}

/** Where the content lies. A link to a file that does not exist yet leads to the place where it will be. */
async function followLinks(path: string): Promise<string> {
  let target = resolve(path)
  for (let hops = 0; hops < 40; hops += 1) {
    try {
      return await realpath(target)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') throw thrown
    }
    try {
      target = resolve(dirname(target), await readlink(target))
    } catch {
      return target
    }
  }
  return target
}

async function statIfExists(path: string) {
  try {
    return await stat(path)
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

/** Only root can give a file away; for others a file in a shared directory becomes their own, as with any editor. */
async function keepOwner(
  file: FileHandle,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  if (process.platform === 'win32') return
  const own = await file.stat()
  if (own.uid === uid && own.gid === gid) return
  try {
    await file.chown(uid, gid)
  } catch (thrown) {
    if (systemCode(thrown) !== 'EPERM') throw thrown
  }
}

/** On Windows a virus scanner or an indexer may hold the file for a moment. */
async function renameWithRetry(from: string, to: string): Promise<void> {
  const pauses = process.platform === 'win32' ? [10, 20, 40, 80, 160, 320] : []
  for (const pause of pauses) {
    try {
      return await rename(from, to)
    } catch (thrown) {
      if (!['EPERM', 'EBUSY', 'EACCES'].includes(systemCode(thrown) ?? '')) throw thrown
      await delay(pause)
    }
  }
  return rename(from, to)
}
