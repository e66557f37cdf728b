export {
  createEventBus,
  type EventBus,
  type EventListener,
  type EventSink,
  type KernelEvent,
  type Progress,
  type RunResult,
  type StampedEvent,
} from './events.ts'
export { type ExecuteOptions, execute } from './executor.ts'
export type { Handlers, OperationContext, OperationHandler, Outcome } from './handler.ts'
export { type RunHistory, readHistory } from './history.ts'
export { isComplete, type Journal, type JournalRecord, type JournalStore } from './journal.ts'
export {
  describeHolder,
  HEARTBEAT_MS,
  type Lease,
  type LeaseHolder,
  type LeaseRequest,
  type LeaseStore,
  type ProcessPlace,
  type ProcessSighting,
  staleness,
} from './lease.ts'
export {
  countChanges,
  type Downtime,
  type Json,
  type Operation,
  type OperationId,
  operationId,
  type Phase,
  type Plan,
} from './plan.ts'
export { type RecoverOptions, recover } from './recovery.ts'
export { newRunId, type RunEnvironment, type RunReport } from './run.ts'
