/** The data in the containers of a stack: where it is, the plans that copy it and put it back, and who does that. */
export { dataAccess } from './access.ts'
export {
  type DataAccess,
  type DataContext,
  type DataCopy,
  type DataEvidence,
  type DataFacts,
  type DataPart,
  Unchanged,
} from './part.ts'
export { dataParts } from './parts.ts'
export {
  type BackupRequest,
  DATA_BACKUP,
  DATA_INSPECT,
  DATA_PRUNE,
  DATA_RESTORE,
  DATA_VERIFY,
  emptyPlan,
  withDataBackup,
  withDataVerify,
} from './plan-backup.ts'
export { type RestoreRequest, withDataRestore } from './plan-restore.ts'
