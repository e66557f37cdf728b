import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory, namesIn, readBytesIfExists, temporaryFor, writeError, writeFileAtomic } from '../../files.ts'

/** The files of a history: `history.jsonl` and a snapshot `0007.yml` for each entry that is kept. */
export interface HistoryFiles {
  readonly ledger: string
  readonly snapshot: (number: number) => string
  /** Numbers of the snapshots that are there, ascending. */
  numbers(): Promise<readonly number[]>
  /** The bytes of a file, undefined when it is not there. FILE_NOT_READABLE. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Whole or not at all, mode 0600. DISK_FULL, FILE_NOT_WRITABLE. */
  write(path: string, bytes: Uint8Array): Promise<void>
  remove(path: string): Promise<void>
  /** Makes the directory, and clears away what a killed writer left. The lease is held. */
  prepare(): Promise<void>
}

const SNAPSHOT = /^(\d{4,9})\.yml$/

const LEDGER = 'history.jsonl'

export function historyFiles(directory: string): HistoryFiles {
  const remove = async (path: string) => {
    try {
      await rm(path, { force: true })
    } catch (thrown) {
      throw writeError(thrown, path)
    }
  }
  return {
    ledger: join(directory, LEDGER),
    snapshot: (number) => join(directory, `${String(number).padStart(4, '0')}.yml`),
    async numbers() {
      const found = (await namesIn(directory)).map((name) => Number(SNAPSHOT.exec(name)?.[1] ?? 0))
      return found.filter((number) => number > 0).sort((a, b) => a - b)
    },
    read: readBytesIfExists,
    write: (path, bytes) => writeFileAtomic(path, bytes, { mode: 0o600 }),
    remove,
    async prepare() {
      await makeDirectory(directory, 0o700)
      for (const name of await namesIn(directory)) if (isLeft(name)) await remove(join(directory, name))
    },
  }
}

/** Whether a killed writer left this. */
function isLeft(name: string): boolean {
  const wanted = temporaryFor(name)
  return wanted !== undefined && (wanted === LEDGER || SNAPSHOT.test(wanted))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
