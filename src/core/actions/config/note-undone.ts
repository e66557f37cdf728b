import { historyStore } from '../../config/history/index.ts'
import { toDdalabError } from '../../errors.ts'
import { readBytesIfExists } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import type { World } from '../world.ts'
import { commitToGit } from './commit-to-git.ts'
import { noteOf } from './write-config.ts'

/** A config that a run had changed is back: it gets its entry, and its commit. What keeps it from that is told as a warning. */
export async function noteUndone(
  world: World,
  { config, configBackups }: InstancePaths,
  reason: string,
): Promise<void> {
  try {
    const restored = await readBytesIfExists(config)
    if (restored === undefined) return
    const entry = await historyStore(configBackups).noteOutside(restored, noteOf(world, { kind: 'undo', reason }))
    await commitToGit(world, config, new TextDecoder().decode(restored), entry)
  } catch (thrown) {
    const { message } = toDdalabError(thrown)
    world.sink.emit({
      type: 'notice',
      level: 'warning',
      message: `The config is as before; the history lacks it: ${message}`,
    })
  }
}
