import { DdalabError, toDdalabError } from '../errors.ts'
import type { OperationHandler } from '../kernel/handler.ts'
import { type Operation, operationId, type Plan } from '../kernel/plan.ts'
import { selectPoints } from './points.ts'
import { imagesOf, type ReleasedImage } from './release.ts'
import type { ReleaseStore } from './store.ts'

export const RELEASE_PRUNE = 'release.prune'

/** Keeps images where a run takes place, so that no pruning takes them (rule 17). Each call may be repeated. */
export interface ImageKeeper {
  keep(images: readonly ReleasedImage[]): Promise<void>
  /** Ends that; the images stay as long as anything else holds them. */
  release(images: readonly ReleasedImage[]): Promise<void>
  /** Removes images that can be had from a registry again and that nothing uses. */
  remove(images: readonly ReleasedImage[]): Promise<void>
}

/** The plan with that as its last step: so many earlier releases stay rollback points. `resource`: where it is told. */
export function withPruning(plan: Plan, keep: number, resource = 'rollback points'): Plan {
  const prune: Operation = {
    id: operationId(RELEASE_PRUNE, ''),
    kind: RELEASE_PRUNE,
    resource,
    cause: plan.action,
    effect:
      keep === 0 ? 'let go of all of them, and of their images' : `keep the last ${keep} before it as rollback points`,
    phase: 'commit',
    after: plan.operations.filter(({ phase }) => phase === 'commit').map(({ id }) => id),
    input: { keep },
  }
  return { ...plan, operations: [...plan.operations, prune] }
}

/**
 * Commit phase: keeps what the rollback points need, and lets go of what the others needed. Releases are marked last, so
 * that a run that died before is finished by doing it all again.
 */
export function releasePrune(store: ReleaseStore, keeper: ImageKeeper): OperationHandler {
  return {
    async execute({ input }, { progress }) {
      if (typeof input.keep !== 'number') throw new DdalabError('UNEXPECTED', `${RELEASE_PRUNE} lacks its input`)
      const releases = await store.kept()
      const { points, dropped } = selectPoints(releases, input.keep)
      const kept = imagesOf(points)
      await keeper.keep(kept)
      const gone = imagesOf(dropped).filter((image) => !isAmong(kept, image))
      await keeper.release(gone)
      const used = imagesOf([...points, ...releases.slice(-1)])
      try {
        await keeper.remove(gone.filter((image) => !isAmong(used, image)))
      } catch (thrown) {
        // Space that is not won back is no reason to leave a run open.
        progress({ message: `images of earlier releases are left: ${toDdalabError(thrown).message}` })
      }
      for (const release of dropped) {
        await store.removeStack(release.id)
        await store.write({ ...release, rollbackPoint: false })
      }
      return { dropped: dropped.map(({ id }) => id) }
    },
  }
}

const isAmong = (images: readonly ReleasedImage[], { imageId }: ReleasedImage) =>
  images.some((image) => image.imageId === imageId)
