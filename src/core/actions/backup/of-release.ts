import { namesIn } from '../../files.ts'
import type { Backup } from '../../release/backup/index.ts'
import type { Release } from '../../release/index.ts'
import type { InstancePlace } from '../open.ts'
import type { World } from '../world.ts'
import { backupsOf } from './tools.ts'

/**
 * The backup of the data as each of these releases had it last, by the id of the release: the one that its record names, else
 * the newest. What cannot be read as a backup is none.
 */
export async function backupsOfReleases(
  world: World,
  place: Pick<InstancePlace, 'paths'>,
  releases: readonly Release[],
): Promise<ReadonlyMap<string, Backup>> {
  // Most instances have none, and the reader of backups takes its time to load.
  if ((await namesIn(place.paths.backups).catch(() => [])).length === 0) return new Map()
  const [{ backupOfRelease }, store] = await Promise.all([
    import('../../release/backup/index.ts'),
    backupsOf(world, place),
  ])
  const { backups } = await store.list()
  const found = releases.map(({ id, dataBackup }): [string, Backup | undefined] => [
    id,
    backups.find((backup) => backup.id === dataBackup) ?? backupOfRelease(backups, id),
  ])
  return new Map(found.flatMap(([id, backup]) => (backup === undefined ? [] : [[id, backup] as const])))
}
