/** Backups of data: what they are, where they lie, which are kept. Loads zod; `handlers.ts` is light and loads the rest on use. */
export { type Backup, type BackupPart, nextBackupId, type Verification } from './backup.ts'
export { backupOfRelease, DEFAULT_KEEP, expiredBackups } from './retention.ts'
export { type BackupStore, backupStore } from './store.ts'
