import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError, systemCode } from '../errors.ts'
import { makeDirectory, readFileIfExists, writeError, writeFileAtomic } from '../files.ts'
import { type CompiledStack, readCompiled } from './compiled.ts'
import type { Release } from './release.ts'

/** The releases of one instance. Errors of all that writes: DISK_FULL, FILE_NOT_WRITABLE. */
export interface ReleaseStore {
  /** Oldest first. FILE_NOT_READABLE. */
  list(): Promise<readonly Release[]>
  /** Writing a release twice is writing it once. */
  write(release: Release, compiled?: CompiledStack): Promise<void>
  /** Replaces the compiled stack of the newest release by one that means the same; nothing where there is no release. */
  refreshStack(compiled: CompiledStack): Promise<void>
  /** The compiled stack of the newest release that has one; undefined when there is none, or none that can be read. */
  newestStack(): Promise<CompiledStack | undefined>
  /** The compiled stack of a release; undefined when it is not there, or cannot be read by this program. */
  stackOf(id: string): Promise<CompiledStack | undefined>
  /** Removes the compiled stack of a release; the record stays. */
  removeStack(id: string): Promise<void>
}

const RELEASE = /^(r-\d{4,})\.json$/
const STACK = /^(r-\d{4,})\.stack\.json$/

/** One JSON file for each release, in the instance's `releases/`. */
export function releaseStore(directory: string): ReleaseStore {
  const ids = async (pattern: RegExp): Promise<readonly string[]> => {
    try {
      const found = (await readdir(directory)).flatMap((name) => pattern.exec(name)?.[1] ?? [])
      return found.sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)))
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  }
  const recordFile = (id: string) => join(directory, `${id}.json`)
  const stackFile = (id: string) => join(directory, `${id}.stack.json`)
  const write = (path: string, text: string) => writeFileAtomic(path, `${text}\n`, { mode: 0o600 })
  const stackOf = async (id: string) => {
    // A short cut for most, and a rollback says itself what it lacks.
    const text = await readFileIfExists(stackFile(id)).catch(() => undefined)
    return text === undefined ? undefined : readCompiled(text)
  }
  return {
    async list() {
      return Promise.all((await ids(RELEASE)).map((id) => read(recordFile(id))))
    },
    async write(release, compiled) {
      await makeDirectory(directory, 0o700)
      if (compiled !== undefined) await write(stackFile(release.id), JSON.stringify(compiled))
      await write(recordFile(release.id), JSON.stringify(release, null, 2))
    },
    async refreshStack(compiled) {
      const newest = (await ids(RELEASE)).at(-1)
      if (newest !== undefined) await write(stackFile(newest), JSON.stringify(compiled))
    },
    async newestStack() {
      const newest = (await ids(STACK)).at(-1)
      return newest === undefined ? undefined : stackOf(newest)
    },
    stackOf,
    async removeStack(id) {
      await rm(stackFile(id), { force: true }).catch((thrown) => {
        throw writeError(thrown, stackFile(id))
      })
    },
  }
}

async function read(path: string): Promise<Release> {
  try {
    const parsed: Release = JSON.parse(await readFile(path, 'utf8'))
    return parsed
  } catch (error) {
    throw new DdalabError('FILE_NOT_READABLE', `The release record "${path}" cannot be read.`, {
      hint: 'Restore it from a backup, or move it away: the running system does not need it.',
      cause: error,
    })
  }
}
