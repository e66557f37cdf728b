import type { BackupList } from '../../../core/actions/backup/list.ts'
import { releases } from '../../../core/actions/releases.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import { listInstances } from '../../../core/instance/index.ts'
import { quietWorld } from '../quiet-world.ts'

/** An installation on this machine. */
export interface KnownInstance {
  readonly name: string
  /** What was deployed last; null when nothing was, or nobody can tell. */
  readonly release: { readonly id: string; readonly version: string; readonly deployedAt: string } | null
}

/** Where the menu reads what it lists. Rejects with a DdalabError. */
export interface MenuSource {
  /** The home directory of the person. */
  readonly home: string
  instances(): Promise<readonly KnownInstance[]>
  backups(): Promise<BackupList>
}

/** Through core. */
export function liveMenu(world: World, target: Target): MenuSource {
  const quiet = quietWorld(world, world.signal)
  return {
    home: world.environment.home,
    instances: async () => {
      const found = await listInstances(quiet.world.environment.configHome)
      return Promise.all(found.map(({ name }) => known(quiet.world, name)))
    },
    backups: async () => {
      const { listBackups } = await import('../../../core/actions/backup/list.ts')
      return listBackups(quiet.world, target)
    },
  }
}

async function known(world: World, name: string): Promise<KnownInstance> {
  const listed = await releases(world, { instance: name }).catch(() => [])
  const { id, version, deployedAt } = listed.at(-1)?.release ?? {}
  const isDeployed = id !== undefined && version !== undefined && deployedAt !== undefined
  return { name, release: isDeployed ? { id, version, deployedAt } : null }
}
