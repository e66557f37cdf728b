import { type DdalabError, toDdalabError } from '../../errors.ts'
import type { Backup, Verification } from '../../release/backup/index.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import { backupsOf } from './tools.ts'

export interface ListedBackup extends Backup {
  /** When it was last restored on trial, and what was found in it; null: never. */
  readonly verified: Verification | null
}

export interface BackupList {
  /** Newest first. */
  readonly backups: readonly ListedBackup[]
  readonly damaged: readonly { readonly id: string; readonly error: DdalabError }[]
}

/** The backups of an instance. Errors: INSTANCE_NOT_FOUND, FILE_NOT_READABLE. */
export async function listBackups(world: World, target: Target): Promise<BackupList> {
  const place = locateInstance(world, target)
  const store = await backupsOf(world, place)
  const { backups, damaged } = await store.list()
  if (backups.length === 0 && damaged.length === 0) await assertInstance(world, target)
  const listed = await Promise.all(
    backups.map(async (backup) => ({ ...backup, verified: await verificationOf(backup.id) })),
  )
  return { backups: listed.toReversed(), damaged }

  async function verificationOf(id: string): Promise<Verification | null> {
    try {
      return (await store.verification(id)) ?? null
    } catch (thrown) {
      if (toDdalabError(thrown).code !== 'BACKUP_DAMAGED') throw thrown
      return null
    }
  }
}

/** One of them. Errors: BACKUP_NOT_FOUND, BACKUP_DAMAGED. */
export async function readBackup(world: World, target: Target, id: string): Promise<Backup> {
  return (await backupsOf(world, locateInstance(world, target))).read(id)
}

async function assertInstance(world: World, target: Target): Promise<void> {
  const place = locateInstance(world, target)
  const { readConfigBytes } = await import('../../config/index.ts')
  await readConfigBytes(place.paths.config).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
}
