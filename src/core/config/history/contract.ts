import type { Problem } from '../../errors.ts'
import type { EntryKind, HistoryEntry } from './entry.ts'
import type { Backup } from './find.ts'

/** What the writer knows about a write. */
export interface Note {
  readonly at: Date
  /** `user@host`. */
  readonly by: string
  /** As typed, without secret values. */
  readonly command: string
  readonly reason: string | null
  readonly kind: EntryKind
  /** In place of the paths whose texts differ: for a writer who knows better, as when everything was encrypted anew. */
  readonly changes?: readonly string[]
}

export interface Change extends Note {
  /** The file as it was read for this change; undefined when there is none. */
  readonly former: Uint8Array | undefined
  readonly next: Uint8Array
}

export interface Recorded {
  /** Of what the file is now. */
  readonly entry: HistoryEntry
  /** The file had been edited by hand: the entry of that. */
  readonly outside: HistoryEntry | null
}

export interface ListedEntry extends HistoryEntry {
  /** Its bytes can be read. */
  readonly kept: boolean
  /** It is what the file is now. */
  readonly current: boolean
}

export interface History {
  /** Oldest first. */
  readonly entries: readonly ListedEntry[]
  /** The file was edited by hand, and that is in no entry yet. */
  readonly outside: boolean
  /** What cannot be read. It was left out and left where it is. */
  readonly problems: readonly Problem[]
}

/**
 * The writes of one config. Who changes anything (`record`, `noteOutside`, `prune`) holds the lease of the instance; readers
 * need none. A kill -9 at any point leaves a history that can be read, and the bytes of every state the file had.
 */
export interface HistoryStore {
  /** All entries, in the light of what the file is now (undefined: there is none). FILE_NOT_READABLE. */
  list(file: Uint8Array | undefined): Promise<History>
  /**
   * The bytes after that entry. BACKUP_NOT_FOUND when there is no such entry or its bytes are no longer kept,
   * BACKUP_DAMAGED.
   */
  read(number: number): Promise<Uint8Array>
  /** What a person names (see `parseBackupWord`): an entry or a file. Errors of `read`, FILE_NOT_READABLE. */
  find(word: string, file: Uint8Array | undefined): Promise<Backup>
  /**
   * Carries out one write: an edit by hand that nobody recorded gets its entry, then the new entry and its snapshot are on
   * disk, then `replace` is called, then the entry is marked as carried out. When the text stays as it is there is no new
   * entry, and `replace` is not called.
   *
   * DISK_FULL, FILE_NOT_WRITABLE, FILE_NOT_READABLE: the file was not touched. What `replace` throws comes through.
   */
  record(change: Change, replace: () => Promise<void>): Promise<Recorded>
  /**
   * Makes sure that what the file is now has an entry and a snapshot, and answers the entry: the newest one, or a new one
   * with this note (usually of kind `outside`). Errors of `record`.
   */
  noteOutside(file: Uint8Array, note: Note): Promise<HistoryEntry>
  /**
   * Removes snapshots: all but the newest 20 and one for each SHA-256 in `keep`. Entries stay. Answers the numbers.
   * FILE_NOT_WRITABLE.
   */
  prune(keep: ReadonlySet<string>): Promise<readonly number[]>
}
