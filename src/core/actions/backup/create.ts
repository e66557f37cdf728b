import { emptyPlan } from '../../providers/docker/data/index.ts'
import { type Observation, otherOwner, type PlanResult } from '../../providers/docker/index.ts'
import type { Backup } from '../../release/backup/index.ts'
import { nothingDeployed } from '../lifecycle.ts'
import type { OpenInstance } from '../open.ts'
import { openForChange } from '../recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from '../run.ts'
import type { Target, World } from '../world.ts'
import { dataBackupStep } from './steps.ts'
import { backupsOf } from './tools.ts'

export interface BackupReport extends ChangeReport {
  /** Absent where none was made: a dry run. */
  readonly backup?: Backup
}

export interface CreateOptions extends ChangeOptions {
  /** Parts; all when empty. */
  readonly only?: readonly string[]
}

/** Backs up data while it is used. Errors: those of every change; CONTAINER_NOT_FOUND where nothing is deployed. */
export async function createBackup(world: World, target: Target, options: CreateOptions): Promise<BackupReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    const { id, add } = await dataBackupStep(world, open, { reason: 'backup create', only: options.only ?? [] })
    const plan = (observation: Observation) => {
      const result = add(startOf(open, observation, 'backup'), observation)
      if (result.plan.operations.length === 0 && result.problems.length === 0) throw nothingDeployed(open.name)
      return result
    }
    const { report } = await carryOut(world, open, provider, plan, options)
    if (report.outcome !== 'changed') return report
    return { ...report, backup: await (await backupsOf(world, open)).read(id) }
  } finally {
    await provider.close()
  }
}

/** A plan that does nothing yet. */
export function startOf({ stack }: OpenInstance, observation: Observation, action: string): PlanResult {
  return { plan: emptyPlan(stack, observation, action), problems: otherOwner(stack, observation), warnings: [] }
}
