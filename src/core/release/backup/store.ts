import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { DdalabError, toDdalabError } from '../../errors.ts'
import {
  isMissing,
  makeDirectory,
  namesIn,
  readFileIfExists,
  syncDirectory,
  writeError,
  writeFileAtomic,
} from '../../files.ts'
import {
  type Backup,
  type BackupPart,
  isBackupId,
  parseBackup,
  parseVerification,
  type Verification,
} from './backup.ts'
import { checkFile, decodeFile, type LoadIdentities } from './decode.ts'

/** A backup that is being made. Nobody takes it for one until it is complete. */
export interface Draft {
  /** Where the file of a part is to be written. */
  path(file: string): string
  /** The data of a part that was written, to look at it once more. */
  read(part: BackupPart): Readable
  /** Deletes the file of a part that is to be written once more. */
  discard(file: string): Promise<void>
  /** Makes it a backup: on disk, whole, under its own name. DISK_FULL, FILE_NOT_WRITABLE. */
  complete(backup: Backup): Promise<void>
}

/** The backups of one instance. A directory of its own for each; 0700, the files in it 0600. */
export interface BackupStore {
  /** Names of all that are there, whole or not, oldest first. */
  ids(): Promise<readonly string[]>
  /** Oldest first; those that cannot be read are told as they are. */
  list(): Promise<{
    readonly backups: readonly Backup[]
    readonly damaged: readonly { id: string; error: DdalabError }[]
  }>
  /** BACKUP_NOT_FOUND, BACKUP_DAMAGED. */
  read(id: string): Promise<Backup>
  /** undefined when it was never verified. */
  verification(id: string): Promise<Verification | undefined>
  verified(id: string, verification: Verification): Promise<void>
  /** Clears away what a killed process left. The lease is held. DISK_FULL, FILE_NOT_WRITABLE. */
  begin(id: string): Promise<Draft>
  /** Removes a backup, or what there is of one; nothing when there is none. */
  remove(id: string): Promise<void>
  /** BACKUP_DAMAGED. */
  check(id: string, part: BackupPart): Promise<void>
  open(id: string, part: BackupPart): Readable
}

/** What is not a backup yet, or not any more. */
const PARTIAL = /^\.b-[\d-]+\.partial$/

export function backupStore(directory: string, identities: LoadIdentities): BackupStore {
  const partial = (id: string) => join(directory, `.${id}.partial`)
  const ids = async () => (await namesIn(directory)).filter(isBackupId)
  const read = async (id: string): Promise<Backup> => {
    const file = join(directory, id, 'backup.json')
    const text = isBackupId(id) ? await readFileIfExists(file) : undefined
    if (text !== undefined) return parseBackup(text, file)
    const known = await ids()
    if (known.includes(id))
      throw new DdalabError('BACKUP_DAMAGED', `${file} is not there.`, { hint: 'Take another backup.' })
    const hint =
      known.length === 0 ? 'There are none: ddalab backup create' : `There are: ${known.toReversed().join(', ')}.`
    throw new DdalabError('BACKUP_NOT_FOUND', `There is no backup "${id}".`, { hint })
  }
  const guarded = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw writeError(thrown, path)
    }
  }
  return {
    ids,
    read,
    async list() {
      const found = await Promise.all(
        (await ids()).map((id) => read(id).catch((thrown) => ({ id, error: toDdalabError(thrown) }))),
      )
      return {
        backups: found.filter((one) => 'parts' in one),
        damaged: found.filter((one) => 'error' in one),
      }
    },
    async verification(id) {
      const file = join(directory, id, 'verified.json')
      const text = await readFileIfExists(file)
      return text === undefined ? undefined : parseVerification(text, file)
    },
    verified: (id, verification) =>
      writeFileAtomic(join(directory, id, 'verified.json'), json(verification), { mode: 0o600 }),
    begin: (id) =>
      guarded(directory, async () => {
        for (const name of await namesIn(directory)) {
          if (PARTIAL.test(name)) await rm(join(directory, name), { recursive: true, force: true })
        }
        const draft = partial(id)
        await makeDirectory(directory, 0o700)
        await mkdir(draft, { mode: 0o700 })
        return {
          path: (file) => join(draft, file),
          read: (part) => decodeFile(join(draft, part.file), part, identities),
          discard: (file) => guarded(draft, () => rm(join(draft, file), { force: true })),
          complete: (backup) =>
            guarded(draft, async () => {
              await writeFileAtomic(join(draft, 'backup.json'), json(backup), { mode: 0o600 })
              await syncDirectory(draft)
              await rename(draft, join(directory, id))
              await syncDirectory(directory)
            }),
        }
      }),
    remove: (id) =>
      guarded(directory, async () => {
        await rm(partial(id), { recursive: true, force: true })
        // First its name, at once and for good; its files take their time, and go to the disk in any order.
        await rename(join(directory, id), partial(id)).catch((thrown) => {
          if (!isMissing(thrown)) throw thrown
        })
        await syncDirectory(directory).catch((thrown) => {
          if (!isMissing(thrown)) throw thrown
        })
        await rm(partial(id), { recursive: true, force: true })
      }),
    check: (id, part) => checkFile(join(directory, id, part.file), part),
    open: (id, part) => decodeFile(join(directory, id, part.file), part, identities),
  }
}

const json = (data: unknown) => `${JSON.stringify(data, null, 2)}\n`
