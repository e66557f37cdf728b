import { type Backup, type History, type HistoryEntry, historyStore } from '../../config/history/index.ts'
import { type ConfigDiff, decodeConfig, diffConfigs, readConfigBytes } from '../../config/index.ts'
import { readBytesIfExists } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import { releaseStore } from '../../release/index.ts'
import { secretTest } from '../../stack/index.ts'
import { leaseStore } from '../lease.ts'
import { locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'
import type { ConfigEdit } from './prepare-change.ts'
import { templateOfText } from './prepare-change.ts'
import { noteOf } from './write-config.ts'

/** The writes of a config, oldest first. Errors: INSTANCE_NOT_FOUND where there is neither config nor history. */
export async function history(world: World, target: Target): Promise<History> {
  const { paths } = await placeOf(world, target)
  return historyStore(paths.configBackups).list(await readBytesIfExists(paths.config))
}

/** Makes sure that the file as it is now can be restored later. Answers its entry. Errors: LOCKED, DISK_FULL, FILE_NOT_WRITABLE. */
export async function backup(world: World, target: Target, reason: string | null): Promise<HistoryEntry> {
  const { paths } = await placeOf(world, target)
  const bytes = await readConfigBytes(paths.config)
  const lease = await leaseStore(world, paths).acquire({ command: world.command, signal: world.signal })
  try {
    return await historyStore(paths.configBackups).noteOutside(bytes, noteOf(world, { kind: 'backup', reason }))
  } finally {
    await lease.release()
  }
}

/** The text of an earlier state, or of a file. Errors: BACKUP_*, FILE_NOT_READABLE. */
export async function restoring(world: World, target: Target, word: string): Promise<ConfigEdit> {
  const { paths } = await placeOf(world, target)
  const { bytes, name } = await find(paths, word)
  return { replacement: decodeConfig(bytes, name) }
}

/**
 * The difference of two states. Without a first one: from what is deployed, or else from the state before. Without a second
 * one: to the file as it is.
 */
export async function compareStates(
  world: World,
  target: Target,
  from: string | undefined,
  to: string | undefined,
): Promise<ConfigDiff> {
  const { paths } = await placeOf(world, target)
  const present = { name: paths.config, bytes: await readConfigBytes(paths.config) }
  const [before, after] = await Promise.all([
    from === undefined ? formerState(paths) : find(paths, from),
    to === undefined ? present : find(paths, to),
  ])
  const text = (state: Pick<Backup, 'name' | 'bytes'>) => decodeConfig(state.bytes, state.name)
  const isSecret = secretTest(await templateOfText(world, text(after), after.name))
  return diffConfigs({ name: before.name, text: text(before) }, { name: after.name, text: text(after) }, isSecret)
}

/** What was deployed last, when its bytes are still kept; else what the history had before the present file. */
async function formerState(paths: InstancePaths): Promise<Pick<Backup, 'name' | 'bytes'>> {
  const store = historyStore(paths.configBackups)
  const deployed = (await releaseStore(paths.releases).newest())?.config?.sha256
  const { entries } = await store.list(await readBytesIfExists(paths.config))
  const entry = entries.findLast(({ sha256, kept }) => kept && sha256 === deployed)
  if (entry === undefined) return find(paths, 'latest-1')
  return { name: `#${entry.number} (deployed)`, bytes: await store.read(entry.number) }
}

async function find(paths: InstancePaths, word: string): Promise<Backup> {
  return historyStore(paths.configBackups).find(word, await readBytesIfExists(paths.config))
}

async function placeOf(world: World, target: Target) {
  const place = locateInstance(world, target)
  await readConfigBytes(place.paths.config).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  return place
}
