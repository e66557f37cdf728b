import type { Backup } from '../../release/backup/index.ts'
import { openForChange } from '../recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from '../run.ts'
import { withStatus } from '../status.ts'
import type { Target, World } from '../world.ts'
import { startOf } from './create.ts'
import { dataRestoreStep } from './steps.ts'
import { backupsOf } from './tools.ts'

/** What a restore takes away: everything that was written since. */
export interface DataLoss {
  /** ISO 8601. */
  readonly since: string
  /** With one decimal. */
  readonly hours: number
}

export interface RestoreReport extends ChangeReport {
  readonly backup: string
  /** The backup of what was there before: it takes the restore back. */
  readonly safety: string
  readonly dataLoss: DataLoss
}

export interface RestoreOptions extends ChangeOptions {
  /** Parts; all when empty. */
  readonly only: readonly string[]
}

/**
 * Puts data back to a backup. What writes to it stops meanwhile, everything else goes on. The command has made sure that the
 * person means it. Errors: BACKUP_*, IDENTITY_MISSING, those of every change; a restore that fails is undone.
 */
export async function restoreBackup(
  world: World,
  target: Target,
  id: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    const backup = await (await backupsOf(world, open)).read(id)
    const { safety, add } = await dataRestoreStep(world, open, backup, options.only)
    const done = await carryOut(
      world,
      open,
      provider,
      (observation) => add(startOf(open, observation, 'restore'), observation),
      options,
    )
    const report = await withStatus(done, world, open, provider)
    return { ...report, backup: id, safety, dataLoss: dataLossOf(backup, world.now()) }
  } finally {
    await provider.close()
  }
}

/** What a return to this backup would lose now. Pure. */
export function dataLossOf({ at }: Pick<Backup, 'at'>, now: Date): DataLoss {
  return { since: at, hours: Math.round((now.getTime() - Date.parse(at)) / 360_000) / 10 }
}
