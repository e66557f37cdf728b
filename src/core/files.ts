import { readdirSync, readFileSync } from 'node:fs'
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCode } from './errors.ts'
import { isMissing, readError, writeError } from './file-errors.ts'
import {
  followLinks,
  keepOwner,
  renameWithRetry,
  statIfExists,
  syncDirectory,
  temporaryFor,
  temporaryOf,
} from './file-steps.ts'

export { isMissing, readError, writeError } from './file-errors.ts'
export { syncDirectory, temporaryFor } from './file-steps.ts'

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

// What is read here is small and ours. Done at once it takes a tenth of what Node's pool of threads takes, and no run need load
// the promises of `node:fs`; a file system that hangs would stop that pool as well.

/** The bytes of a file, or undefined when there is none. Throws FILE_NOT_READABLE. */
export async function readBytesIfExists(path: string): Promise<Uint8Array | undefined> {
  try {
    return readFileSync(path)
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, path)
  }
}

/** The text of a file, or undefined when there is none. Throws FILE_NOT_READABLE. */
export async function readFileIfExists(path: string): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, path)
  }
}

/** The names in a directory, sorted; none where it is absent. `recursive`: paths of what is below it as well. FILE_NOT_READABLE. */
export async function namesIn(directory: string, options: { readonly recursive?: boolean } = {}): Promise<string[]> {
  try {
    return readdirSync(directory, { encoding: 'utf8', ...options }).sort()
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw readError(thrown, directory)
  }
}

/**
 * Makes a directory, and those above it, where there is none; it survives a power cut. `mode` is that of all that are made.
 * Throws DISK_FULL or FILE_NOT_WRITABLE.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true, mode })
    if (first === undefined) return
    for (let made = path; ; made = dirname(made)) {
      await syncDirectory(dirname(made))
      if (made === first || made === dirname(made)) return
    }
  } catch (thrown) {
    throw writeError(thrown, path)
  }
}
