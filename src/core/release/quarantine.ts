import { join } from 'node:path'
import { DdalabError } from '../errors.ts'
import { makeDirectory, readFileIfExists, writeFileAtomic } from '../files.ts'

/** A version that was tried and had to be taken back: automatic updates do not try it again. */
export interface BadRelease {
  readonly version: string
  /** `sha256:...` or `repository@sha256:...` of each image, by service. */
  readonly images: { readonly [service: string]: string }
  /** ISO 8601. */
  readonly at: string
  /** Why, in words. */
  readonly cause: string
  /** The run that failed; its journal has the evidence. */
  readonly run: string
}

/** `quarantine.json` among the releases of an instance. Whoever writes holds the lease. FILE_NOT_READABLE, DISK_FULL, FILE_NOT_WRITABLE. */
export interface Quarantine {
  /** Oldest first. */
  list(): Promise<readonly BadRelease[]>
  /** A version that is marked again has its newest entry only. */
  mark(release: BadRelease): Promise<void>
  /** The newest entry of a version, or of an image's digest; undefined: nothing is known against it. */
  isBad(versionOrDigest: string): Promise<BadRelease | undefined>
  /** Forgets a version, or everything; answers how many entries that were. */
  clear(version?: string): Promise<number>
}

export function quarantine(directory: string): Quarantine {
  const file = join(directory, 'quarantine.json')
  const list = async (): Promise<readonly BadRelease[]> => parse(await readFileIfExists(file), file)
  const write = async (entries: readonly BadRelease[]) => {
    await makeDirectory(directory, 0o700)
    await writeFileAtomic(file, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 })
  }
  return {
    list,
    async mark(release) {
      await write([...(await list()).filter(({ version }) => version !== release.version), release])
    },
    async isBad(wanted) {
      const digest = digestOf(wanted)
      const isIt = ({ version, images }: BadRelease) =>
        version === wanted || Object.values(images).some((image) => digestOf(image) === digest)
      return (await list()).findLast(isIt)
    },
    async clear(version) {
      const entries = await list()
      const left = entries.filter((entry) => version !== undefined && entry.version !== version)
      if (left.length < entries.length) await write(left)
      return entries.length - left.length
    },
  }
}

/** A digest is the same in every repository. */
function digestOf(text: string): string {
  return text.slice(text.indexOf('@') + 1)
}

function parse(text: string | undefined, file: string): readonly BadRelease[] {
  if (text === undefined) return []
  try {
    const entries: readonly BadRelease[] = JSON.parse(text)
    if (Array.isArray(entries)) return entries
  } catch {
    // Told below.
  }
  throw new DdalabError('FILE_NOT_READABLE', `${file} is damaged: which releases were bad is not known.`, {
    hint: 'Restore it from a backup, or remove it: then no release counts as bad.',
  })
}
