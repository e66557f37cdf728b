import { type History, historyStore } from '../config/history/index.ts'
import { readBytesIfExists } from '../files.ts'
import type { InstancePaths } from '../instance/index.ts'
import { type Release, releaseStore } from '../release/index.ts'
import { noteOf } from './config/write-config.ts'
import { contentHash, withoutMark } from './file-hashes.ts'
import type { World } from './world.ts'

/**
 * Makes sure, before a deploy, that the config which it was compiled from (`source`, the hash of its text) can be read in the
 * history later, also when somebody edited it by hand. The lease is held. DISK_FULL, FILE_NOT_WRITABLE, FILE_NOT_READABLE.
 */
export async function keepConfig(world: World, paths: InstancePaths, source: string): Promise<void> {
  const bytes = await readBytesIfExists(paths.config)
  if (bytes === undefined || !isSource(bytes, source)) return
  await historyStore(paths.configBackups).noteOutside(bytes, noteOf(world, { kind: 'outside', reason: null }))
}

/**
 * What runs is what this config says as well: the newest release is of it from now on, and a deploy that fails goes back to
 * it. The lease is held. Errors of `keepConfig`.
 */
export async function adoptConfig(
  world: World,
  paths: InstancePaths,
  source: string | null | undefined,
): Promise<void> {
  const releases = releaseStore(paths.releases)
  const newest = await releases.newest()
  if (newest?.config === undefined || typeof source !== 'string') return
  if (newest.config.sha256 === source && newest.config.history !== null) return
  await keepConfig(world, paths, source)
  const config = await releasedConfig(paths, source)
  if (config.sha256 !== newest.config.sha256 || config.history !== newest.config.history) {
    await releases.write({ ...newest, config })
  }
}

/** What a release says of the config it was compiled from. Never throws: a release is worth more than its number. */
export async function releasedConfig(paths: InstancePaths, source: string): Promise<NonNullable<Release['config']>> {
  try {
    const bytes = await readBytesIfExists(paths.config)
    const { entries }: History = await historyStore(paths.configBackups).list(bytes)
    const isNow = bytes !== undefined && isSource(bytes, source)
    const entry = entries.findLast(({ written, current, sha256 }) =>
      isNow ? current : written !== false && sha256 === source,
    )
    return { sha256: entry?.sha256 ?? source, history: entry?.number ?? null }
  } catch {
    return { sha256: source, history: null }
  }
}

/** Whether a file has the text of that hash. The text that was compiled has no byte-order mark; its file may have one. */
export function isSource(bytes: Uint8Array, source: string): boolean {
  return contentHash(withoutMark(Buffer.from(bytes).toString('utf8'))) === source
}
