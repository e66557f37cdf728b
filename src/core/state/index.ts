export { createJournalStore } from './journal-file.ts'
export { type KeptJournal, keptJournals } from './journal-history.ts'
export { createLeaseStore, type LeaseFileOptions } from './lease-file.ts'
export { type ProcessTable, systemProcesses } from './process-place.ts'
