import { historyStore } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { readBytesIfExists } from '../../files.ts'
import { type BadRelease, quarantine, type Release, releaseStore, rollbackPoints } from '../../release/index.ts'
import { backupsOfReleases } from '../backup/of-release.ts'
import { connect, locateInstance } from '../open.ts'
import type { Target, World } from '../world.ts'

/** A release that one can go back to, or the current one, and what is still there of it. */
export interface RollbackPoint {
  readonly release: Release
  /** It is what was deployed last. */
  readonly current: boolean
  /** An update to it failed here; null when nothing is known against it. */
  readonly bad: BadRelease | null
  /** Its config is in the history. */
  readonly hasConfig: boolean
  /** Its stack is kept, so that the same is run, whatever the template says now. */
  readonly hasStack: boolean
  /** The backup of its data; null when there is none. */
  readonly data: { readonly id: string; readonly at: string } | null
  /** Services whose image the engine has no longer; null when no engine could be asked. */
  readonly missing: readonly string[] | null
}

/** The rollback points and the current release, newest first. Errors: FILE_NOT_READABLE. */
export async function pointsOf(world: World, target: Target): Promise<readonly RollbackPoint[]> {
  const place = locateInstance(world, target)
  const store = releaseStore(place.paths.releases)
  const releases = await store.kept()
  const current = releases.at(-1)
  if (current === undefined) return []
  const shown = [current, ...rollbackPoints(releases).toReversed()]
  const [backups, history, bad, held] = await Promise.all([
    backupsOfReleases(world, place, shown),
    readBytesIfExists(place.paths.config).then((bytes) => historyStore(place.paths.configBackups).list(bytes)),
    quarantine(place.paths.releases).list(),
    heldImages(world, target, shown),
  ])
  const configs = new Set(history.entries.flatMap((entry) => (entry.kept ? [entry.sha256] : [])))
  return Promise.all(
    shown.map(async (release): Promise<RollbackPoint> => {
      const backup = backups.get(release.id)
      return {
        release,
        current: release === current,
        bad: badOf(release, bad),
        hasConfig: release.config !== undefined && configs.has(release.config.sha256),
        hasStack: (await store.stackOf(release.id)) !== undefined,
        data: backup === undefined ? null : { id: backup.id, at: backup.at },
        missing: held && missingOf(release, held),
      }
    }),
  )
}

/** Ids of images that the engine has; null when it cannot be asked. */
async function heldImages(
  world: World,
  target: Target,
  releases: readonly Release[],
): Promise<ReadonlySet<string> | null> {
  try {
    const provider = await connect(world, target)
    try {
      const ids = releases.flatMap(({ images }) => Object.values(images).map(({ imageId }) => imageId))
      const found = Object.entries(await provider.imagesById(ids))
      return new Set(found.flatMap(([id, image]) => (image === null ? [] : [id])))
    } finally {
      await provider.close()
    }
  } catch (thrown) {
    if (thrown instanceof DdalabError) return null
    throw thrown
  }
}

/** Pure. */
export function missingOf({ images }: Pick<Release, 'images'>, held: ReadonlySet<string>): readonly string[] {
  return Object.entries(images)
    .flatMap(([service, { imageId }]) => (held.has(imageId) ? [] : [service]))
    .sort()
}

/** By its version: images are shared with releases that are well. Pure. */
export function badOf({ version }: Pick<Release, 'version'>, bad: readonly BadRelease[]): BadRelease | null {
  return bad.findLast((entry) => entry.version === version) ?? null
}
