import { type ConfigDiff, decodeConfig, diffConfigs } from '../../config/index.ts'
import type { Release } from '../../release/index.ts'
import { secretTest } from '../../stack/index.ts'
import { type DataLoss, dataLossOf } from '../backup/restore.ts'
import { templateOfText } from '../config/prepare-change.ts'
import type { World } from '../world.ts'
import { type ImageChange, imageChanges } from './image-changes.ts'
import type { RollbackTarget } from './target.ts'

/** What a rollback means, beside the steps of its plan. */
export interface RollbackPreview {
  readonly from: Pick<Release, 'id' | 'version'>
  readonly to: Pick<Release, 'id' | 'version' | 'deployedAt'>
  /** The images that are not the same. */
  readonly images: readonly ImageChange[]
  /** What becomes of the config, secrets masked; null when it stays, because that of the release is no longer kept. */
  readonly config: ConfigDiff | null
  /** The backup to which the data is put back, and what is lost by that; null when the data stays as it is. */
  readonly data: { readonly backup: string; readonly loss: DataLoss } | null
}

/** Reads what a person is told before a rollback. Errors: CONFIG_UNREADABLE. */
export async function previewOf(world: World, target: RollbackTarget, restoreData: boolean): Promise<RollbackPreview> {
  const { releases, release, data } = target
  const current = releases.at(-1) ?? release
  return {
    from: { id: current.id, version: current.version },
    to: { id: release.id, version: release.version, deployedAt: release.deployedAt },
    images: imageChanges(current, release),
    config: await configDiff(world, target),
    data: restoreData && data !== null ? { backup: data.id, loss: dataLossOf(data, world.now()) } : null,
  }
}

async function configDiff(
  world: World,
  { open, config, present, release }: RollbackTarget,
): Promise<ConfigDiff | null> {
  if (config === null) return null
  const file = open.paths.config
  const text = decodeConfig(config.bytes, `#${config.number}`)
  // A template that is gone does not stop a rollback; then nobody knows what is secret, and nothing is shown.
  const isSecret = await templateOfText(world, text, file).then(secretTest, () => () => true)
  const former = Buffer.from(present.bytes ?? []).toString('utf8')
  return diffConfigs({ name: file, text: former }, { name: `#${config.number} (${release.id})`, text }, isSecret)
}
