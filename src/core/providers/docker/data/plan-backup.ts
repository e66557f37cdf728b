import { type Json, type Operation, type OperationId, operationId, type Plan } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import type { Observation } from '../observation.ts'
import { fingerprint } from '../plan/desired.ts'
import type { DataPart } from './part.ts'

export const DATA_BACKUP = 'data.backup'
export const DATA_INSPECT = 'data.inspect'
export const DATA_RESTORE = 'data.restore'
export const DATA_VERIFY = 'data.verify'
export const DATA_PRUNE = 'data.prune'

/** What is written into a backup beside the data. No secrets. */
export type BackupRequest = {
  /** Its id, see `nextBackupId`. */
  readonly id: string
  /** Why it is made: `backup create`, `update to 1.1.0`, `restore of b-...`. */
  readonly reason: string
  /** The release that runs now, whose data it is; null before the first. */
  readonly release: string | null
  readonly version: string
  /** age recipients; none: it is not encrypted. */
  readonly recipients: readonly string[]
  /** How many backups are kept, beside those of rollback points. */
  readonly keep: number
  /** The backup stays when the run is undone. */
  readonly keepWhenUndone?: boolean
}

/** Seconds that something stands still while its files are copied; a rule of thumb for the forecast. */
const PAUSE = 2

/** The plan that does nothing yet, to which steps are added. */
export function emptyPlan(stack: Stack, observation: Observation, action: string): Plan {
  return {
    instance: stack.project,
    action,
    fingerprint: fingerprint(stack, observation),
    operations: [],
    downtime: [],
  }
}

/**
 * The plan with a backup of these parts before anything is stopped, and after everything is pulled: a pull that fails needs
 * no backup (rule 14). Old backups go after the verdict. Without parts the plan stays as it is. Pure.
 */
export function withDataBackup(
  plan: Plan,
  parts: readonly DataPart[],
  observation: Observation,
  request: BackupRequest,
): Plan {
  if (parts.length === 0) return plan
  const pulls = plan.operations.filter(({ kind }) => kind === 'image.pull')
  const backup = backupStep(
    plan.instance,
    parts,
    request,
    pulls.map(({ id }) => id),
  )
  const paused = new Set(parts.flatMap(({ pause }) => pause))
  const downtime = observation.containers
    .filter(({ id }) => paused.has(id))
    .map(({ service }) => ({ service, expected: PAUSE, why: 'it is paused while its files are copied' }))
  return {
    ...plan,
    operations: [
      backup,
      ...after(plan.operations, [backup.id]),
      pruneStep(plan.instance, request.keep, plan.operations),
    ],
    downtime: [...downtime, ...plan.downtime],
  }
}

/** The plan that restores every part of a backup on trial. `parts` are those of the stack that the backup has. Pure. */
export function withDataVerify(plan: Plan, parts: readonly DataPart[], backup: string): Plan {
  const step: Operation = {
    id: operationId(DATA_VERIFY, backup),
    kind: DATA_VERIFY,
    resource: `backup ${backup}`,
    cause: plan.action,
    effect: 'check it, and restore it into containers of its own',
    phase: 'apply',
    after: [],
    input: { backup, parts: asJson(parts) },
  }
  return { ...plan, operations: [...plan.operations, step] }
}

/** The step that makes a backup. */
export function backupStep(
  instance: string,
  parts: readonly DataPart[],
  { id, reason, release, version, recipients, keepWhenUndone = false }: BackupRequest,
  afterwards: readonly OperationId[],
): Operation {
  const sealed = recipients.length === 0 ? '' : ', encrypted'
  return {
    id: operationId(DATA_BACKUP, id),
    kind: DATA_BACKUP,
    resource: `data of ${instance}`,
    cause: reason,
    effect: `back up ${parts.map(({ name }) => name).join(', ')} as ${id}${sealed}`,
    phase: 'apply',
    after: afterwards,
    input: { id, reason, release, version, recipients, keepWhenUndone, parts: asJson(parts) },
  }
}

/** The step that removes old backups: commit phase, so that a run that fails keeps every one that was there before. */
export function pruneStep(instance: string, keep: number, operations: readonly Operation[]): Operation {
  return {
    id: operationId(DATA_PRUNE, instance),
    kind: DATA_PRUNE,
    resource: `data of ${instance}`,
    cause: 'retention',
    effect: `keep the newest ${keep} backups, and those of rollback points`,
    phase: 'commit',
    after: ids(operations.filter(({ phase }) => phase === 'commit')),
    input: { keep },
  }
}

/** The steps of a plan, those of the apply phase after these; pulls stay where they are. */
export function after(operations: readonly Operation[], first: readonly OperationId[]): readonly Operation[] {
  return operations.map((operation) =>
    operation.phase === 'commit' || operation.kind === 'image.pull'
      ? operation
      : { ...operation, after: [...operation.after, ...first] },
  )
}

export const ids = (operations: readonly Operation[]): readonly OperationId[] => operations.map(({ id }) => id)

export function asJson(value: DataPart | readonly DataPart[]): Json {
  return value
}
