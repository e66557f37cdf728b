import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError, systemCode } from '../errors.ts'
import { writeFileAtomic } from '../files.ts'
import type { CompiledStack } from './compiled.ts'
import type { Release } from './release.ts'

/** The releases of one instance, oldest first. */
export interface ReleaseStore {
  list(): Promise<readonly Release[]>
  /** Writing a release twice is writing it once. */
  write(release: Release, compiled?: CompiledStack): Promise<void>
  /** Replaces the compiled stack of the newest release by one that means the same; nothing where there is no release. */
  refreshStack(compiled: CompiledStack): Promise<void>
  /** The compiled stack of the newest release; undefined when there is none, or none that can be read. */
  newestStack(): Promise<CompiledStack | undefined>
}

const RELEASE = /^(r-\d{4,})\.json$/
const STACK = /^r-\d{4,}\.stack\.json$/

/** One JSON file for each release, in the instance's `releases/`. */
export function releaseStore(directory: string): ReleaseStore {
  const names = async (): Promise<readonly string[]> => {
    try {
      return (await readdir(directory)).sort()
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  }
  const write = (name: string, text: string) => writeFileAtomic(join(directory, name), `${text}\n`, { mode: 0o600 })
  return {
    async list() {
      const releases = (await names()).filter((name) => RELEASE.test(name))
      return Promise.all(releases.map((name) => read(join(directory, name))))
    },
    async write(release, compiled) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      if (compiled !== undefined) await write(`${release.id}.stack.json`, JSON.stringify(compiled))
      await write(`${release.id}.json`, JSON.stringify(release, null, 2))
    },
    async refreshStack(compiled) {
      const newest = (await names()).flatMap((name) => RELEASE.exec(name)?.[1] ?? []).at(-1)
      if (newest !== undefined) await write(`${newest}.stack.json`, JSON.stringify(compiled))
    },
    async newestStack() {
      const newest = (await names()).filter((name) => STACK.test(name)).at(-1)
      if (newest === undefined) return undefined
      try {
        return JSON.parse(await readFile(join(directory, newest), 'utf8'))
      } catch {
        // Only a short cut: whoever asks compiles anew.
        return undefined
      }
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
