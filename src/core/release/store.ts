import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError } from '../errors.ts'
import { makeDirectory, namesIn, readFileIfExists, writeError, writeFileAtomic } from '../files.ts'
import { type CompiledStack, readCompiled } from './compiled.ts'
import type { Release } from './release.ts'

/** The releases of one instance. Errors of all that writes: DISK_FULL, FILE_NOT_WRITABLE. */
export interface ReleaseStore {
  /** All there ever were, oldest first. FILE_NOT_READABLE. */
  list(): Promise<readonly Release[]>
  /** The current one and the rollback points, oldest first: however many there were, these are few. FILE_NOT_READABLE. */
  kept(): Promise<readonly Release[]>
  /** The current one; undefined before the first. FILE_NOT_READABLE. */
  newest(): Promise<Release | undefined>
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

const KEPT = /^(r-\d{4,})\.json$/
const RELEASE = /^(r-\d{4,})(?:\.pruned)?\.json$/
const STACK = /^(r-\d{4,})\.stack\.json$/

/** One JSON file for each release, in the instance's `releases/`. The name of one that is no rollback point says so. */
export function releaseStore(directory: string): ReleaseStore {
  const ids = async (pattern: RegExp): Promise<readonly string[]> => {
    const found = (await namesIn(directory)).flatMap((name) => pattern.exec(name)?.[1] ?? [])
    return [...new Set(found)].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2)))
  }
  const keptFile = (id: string) => join(directory, `${id}.json`)
  const prunedFile = (id: string) => join(directory, `${id}.pruned.json`)
  const stackFile = (id: string) => join(directory, `${id}.stack.json`)
  // What is read may be pruned in that moment.
  const readAll = async (wanted: readonly string[]): Promise<readonly Release[]> => {
    const found = await Promise.all(wanted.map(async (id) => (await read(keptFile(id))) ?? read(prunedFile(id))))
    return found.filter((release) => release !== undefined)
  }
  const write = (path: string, text: string) => writeFileAtomic(path, `${text}\n`, { mode: 0o600 })
  const stackOf = async (id: string) => {
    // A short cut for most, and a rollback says itself what it lacks.
    const text = await readFileIfExists(stackFile(id)).catch(() => undefined)
    return text === undefined ? undefined : readCompiled(text)
  }
  return {
    async list() {
      return readAll(await ids(RELEASE))
    },
    async kept() {
      return readAll(await ids(KEPT))
    },
    async newest() {
      return (await readAll((await ids(KEPT)).slice(-1))).at(-1)
    },
    async write(release, compiled) {
      const { id, rollbackPoint } = release
      const text = JSON.stringify(release, null, 2)
      await makeDirectory(directory, 0o700)
      if (compiled !== undefined) await write(stackFile(id), JSON.stringify(compiled))
      if (rollbackPoint !== false) return write(keptFile(id), text)
      await write(prunedFile(id), text)
      await remove(keptFile(id))
    },
    async refreshStack(compiled) {
      const newest = (await ids(KEPT)).at(-1)
      if (newest !== undefined) await write(stackFile(newest), JSON.stringify(compiled))
    },
    async newestStack() {
      const newest = (await ids(STACK)).at(-1)
      return newest === undefined ? undefined : stackOf(newest)
    },
    stackOf,
    removeStack: (id) => remove(stackFile(id)),
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((thrown) => {
    throw writeError(thrown, path)
  })
}

/** Undefined for a record that is not there. */
async function read(path: string): Promise<Release | undefined> {
  try {
    const text = await readFileIfExists(path)
    return text === undefined ? undefined : JSON.parse(text)
  } catch (error) {
    throw new DdalabError('FILE_NOT_READABLE', `The release record "${path}" cannot be read.`, {
      hint: 'Restore it from a backup, or move it away: the running system does not need it.',
      cause: error,
    })
  }
}
