import type { Handlers, OperationHandler } from '../../kernel/index.ts'
// Not from the index: the names alone must not load all that works on data.
import {
  DATA_BACKUP,
  DATA_INSPECT,
  DATA_PRUNE,
  DATA_RESTORE,
  DATA_VERIFY,
} from '../../providers/docker/data/plan-backup.ts'
import type { BackupTools } from './operations.ts'

/** Handlers of all operations on data. They are loaded when there is one to carry out: most commands have none. */
export function backupHandlers(tools: () => Promise<BackupTools>): Handlers {
  const load = () => import('./operations.ts')
  const late = (choose: (operations: Awaited<ReturnType<typeof load>>) => (tools: BackupTools) => OperationHandler) => {
    let made: Promise<OperationHandler> | undefined
    const make = async () => choose(await load())(await tools())
    const handler = () => {
      made ??= make()
      return made
    }
    return {
      execute: async (operation, context) => (await handler()).execute(operation, context),
      undo: async (operation, outcome, context) => (await handler()).undo?.(operation, outcome, context),
    } satisfies OperationHandler
  }
  return {
    [DATA_BACKUP]: late(({ dataBackup }) => dataBackup),
    [DATA_INSPECT]: late(({ dataInspect }) => dataInspect),
    [DATA_RESTORE]: late(({ dataRestore }) => dataRestore),
    [DATA_VERIFY]: late(({ dataVerify }) => dataVerify),
    [DATA_PRUNE]: late(({ dataPrune }) => dataPrune),
  }
}
