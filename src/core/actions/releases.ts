import { DdalabError } from '../errors.ts'
import { readBytesIfExists } from '../files.ts'
import { type Release, releaseStore, rollbackPoints } from '../release/index.ts'
import { backupsOfReleases } from './backup/of-release.ts'
import { locateInstance, noInstance } from './open.ts'
import type { Target, World } from './world.ts'

/** A release as people see it. */
export interface ListedRelease {
  readonly release: Release
  /** The newest one: what was deployed last. */
  readonly current: boolean
  /** `rollback` can go back to it. */
  readonly rollbackPoint: boolean
  /** The backup of its data; null when there is none. */
  readonly dataBackup: string | null
}

/** What was deployed, oldest first. Asks no engine. Errors: INSTANCE_NOT_FOUND, FILE_NOT_READABLE. */
export async function releases(world: World, target: Target): Promise<readonly ListedRelease[]> {
  const place = locateInstance(world, target)
  const found = await releaseStore(place.paths.releases).list()
  if (found.length === 0 && (await readBytesIfExists(place.paths.config)) === undefined) {
    const { config } = place.paths
    throw noInstance(new DdalabError('CONFIG_NOT_FOUND', `There is no config at ${config}`), place, target)
  }
  const points = rollbackPoints(found)
  const backups = await backupsOfReleases(world, place, found)
  return found.map((release) => ({
    release,
    current: release === found.at(-1),
    rollbackPoint: points.includes(release),
    dataBackup: backups.get(release.id)?.id ?? null,
  }))
}
