import { dataAccess } from '../../providers/docker/data/index.ts'
import type { DockerProvider } from '../../providers/docker/index.ts'
import type { BackupStore } from '../../release/backup/index.ts'
import type { BackupTools } from '../../release/backup/operations.ts'
import { releaseStore, rollbackPoints } from '../../release/index.ts'
import type { InstancePlace } from '../open.ts'
import type { World } from '../world.ts'

/** The backups of an instance. Identities are looked for only when one has to be decrypted. */
export async function backupsOf(world: World, { paths }: Pick<InstancePlace, 'paths'>): Promise<BackupStore> {
  const { backupStore } = await import('../../release/backup/index.ts')
  return backupStore(paths.backups, async () => {
    const { identityStore } = await import('../../config/index.ts')
    return identityStore(world.environment).load()
  })
}

/** What the handlers of operations on data need. */
export async function backupTools(world: World, place: InstancePlace, provider: DockerProvider): Promise<BackupTools> {
  return {
    store: await backupsOf(world, place),
    access: dataAccess(provider.engine),
    now: world.now,
    by: world.environment.user,
    command: world.command,
    rollbackPoints: async () => rollbackPoints(await releaseStore(place.paths.releases).kept()),
  }
}
