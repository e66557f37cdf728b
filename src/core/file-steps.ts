import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readlink, realpath, rename, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from './errors.ts'
import { isMissing } from './file-errors.ts'

/** The file of which this is the name of one that is not complete yet; undefined for any other name. */
export function temporaryFor(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]{12}\.tmp$/.exec(name)?.[1]
}

/** Another name each time, in the same directory. */
export function temporaryOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
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
export async function followLinks(path: string): Promise<string> {
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

export async function statIfExists(path: string) {
  try {
    return await stat(path)
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

/** Only root can give a file away; for others a file in a shared directory becomes their own, as with any editor. */
export async function keepOwner(
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
export async function renameWithRetry(from: string, to: string): Promise<void> {
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
