import type { Handlers } from '../kernel/index.ts'
import type { DockerProvider } from '../providers/docker/index.ts'
import { backupHandlers } from '../release/backup/handlers.ts'
import { RELEASE_PRUNE, RELEASE_RECORD, releasePrune, releaseRecord, releaseStore } from '../release/index.ts'
import { CONFIG_WRITE, configWrite } from './config/config-write.ts'
import { CONFIG_KEEP_FORMER, keepFormer } from './config/keep-former.ts'
import { hookHandlers } from './hooks.ts'
import type { InstancePlace, OpenInstance } from './open.ts'
import { releasedConfig } from './released-config.ts'
import { backupDir } from './run-files.ts'
import { runStack } from './run-stack.ts'
import type { World } from './world.ts'

/** Who carries out the steps of a run on an instance; `open` is undefined in recovery, which knows the plan and not the stack. */
export async function handlersFor(
  world: World,
  place: InstancePlace,
  provider: DockerProvider,
  open: OpenInstance | undefined,
): Promise<Handlers> {
  const { name, paths } = place
  return {
    ...(await provider.handlers({ stack: open?.stack, workingDir: paths.directory, backupDir: backupDir(paths) })),
    ...backupHandlers(async () => (await import('./backup/tools.ts')).backupTools(world, place, provider)),
    ...hookHandlers(world, paths),
    [CONFIG_WRITE]: configWrite(world, paths, backupDir(paths)),
    [CONFIG_KEEP_FORMER]: keepFormer(world, paths, backupDir(paths)),
    [RELEASE_RECORD]: releaseRecord({
      store: releaseStore(paths.releases),
      now: world.now,
      deployedBy: world.environment.user,
      command: world.command,
      runningImages: () => provider.runningImages(name),
      config: (hash) => releasedConfig(paths, hash),
      stackOfRun: (run) => runStack(backupDir(paths), run),
    }),
    [RELEASE_PRUNE]: releasePrune(releaseStore(paths.releases), provider.imageKeeper(name)),
  }
}
