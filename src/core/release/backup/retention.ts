import type { Backup } from './backup.ts'

/** Backups that are kept beside those of rollback points. */
export const DEFAULT_KEEP = 5

/** A release that can be gone back to, and the backup that it names. */
export interface RollbackPoint {
  readonly id: string
  readonly dataBackup?: string
}

/**
 * The backups that are not needed any more: all but the newest `keep`, and but those of rollback points (the one that a point
 * names, and the newest of its data): without them the data could not go back with the release. Pure; the order of `backups`
 * does not matter.
 */
export function expiredBackups<T extends Pick<Backup, 'id' | 'release'>>(
  backups: readonly T[],
  { keep, points }: { readonly keep: number; readonly points: readonly RollbackPoint[] },
): readonly T[] {
  const newestFirst = backups.toSorted((one, other) => (one.id < other.id ? 1 : -1))
  const ofPoints = points.flatMap(({ id, dataBackup }) => [dataBackup, backupOfRelease(newestFirst, id)?.id])
  return newestFirst.slice(keep).filter(({ id }) => !ofPoints.includes(id))
}

/** The newest backup of the data that a release had; undefined when there is none. Pure. */
export function backupOfRelease<T extends Pick<Backup, 'id' | 'release'>>(
  backups: readonly T[],
  release: string,
): T | undefined {
  return backups
    .filter((backup) => backup.release === release)
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
    .at(0)
}
