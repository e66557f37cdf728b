import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DdalabError, systemCode } from '../errors.ts'
import { writeFileAtomic } from '../files.ts'
import type { Release } from './release.ts'

/** The releases of one instance, oldest first. */
export interface ReleaseStore {
  list(): Promise<readonly Release[]>
  /** Writing a release twice is writing it once. */
  write(release: Release): Promise<void>
}

const NAME = /^(r-\d{4,})\.json$/

/** One JSON file for each release, in the instance's `releases/`. */
export function releaseStore(directory: string): ReleaseStore {
  return {
    async list() {
      const names = await readdir(directory).catch((error) => {
        if (systemCode(error) === 'ENOENT') return []
        throw error
      })
      const ids = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).sort()
      return Promise.all(ids.map((id) => read(join(directory, `${id}.json`))))
    },
    async write(release) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFileAtomic(join(directory, `${release.id}.json`), `${JSON.stringify(release, null, 2)}\n`, { mode: 0o600 })
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
