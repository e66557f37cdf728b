/** Every write of the config as a numbered entry, and the bytes of the newest ones. Loads neither zod nor yaml by itself. */
export type { Change, History, HistoryStore, ListedEntry, Note, Recorded } from './contract.ts'
export { type EntryKind, type HistoryEntry, isEntryKind } from './entry.ts'
export { sha256 } from './files.ts'
export type { Backup } from './find.ts'
export { historyStore } from './store.ts'
export { type BackupWord, parseBackupWord } from './word.ts'
