import type { Backup, Verification } from '../../release/backup/index.ts'
import { openForChange } from '../recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from '../run.ts'
import type { Target, World } from '../world.ts'
import { startOf } from './create.ts'
import { dataVerifyStep } from './steps.ts'
import { backupsOf } from './tools.ts'

export interface VerifyReport extends ChangeReport {
  readonly backup: Backup
  readonly verification: Verification | undefined
}

/**
 * Checks a backup, decrypts it, and restores it into containers of its own, which nobody reaches and which are removed
 * afterwards, also after a failure or a crash. What runs is left alone. Errors: BACKUP_*, IDENTITY_MISSING, those of every change.
 */
export async function verifyBackup(world: World, target: Target, id: string): Promise<VerifyReport> {
  const { open, provider } = await openForChange(world, target, {})
  try {
    const store = await backupsOf(world, open)
    const backup = await store.read(id)
    const add = dataVerifyStep(open, backup)
    const options: ChangeOptions = {}
    const { report } = await carryOut(
      world,
      open,
      provider,
      (observation) => add(startOf(open, observation, 'verify'), observation),
      options,
    )
    return { ...report, backup, verification: await store.verification(id) }
  } finally {
    await provider.close()
  }
}
