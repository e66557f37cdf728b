import { join } from 'node:path'
import { type HistoryStore, historyStore, sha256 } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { makeDirectory, putBack, readBytesIfExists, writeFileAtomic } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import { type Operation, type OperationHandler, operationId, type Plan } from '../../kernel/index.ts'
import { ofInstance } from '../open.ts'
import type { World } from '../world.ts'
import type { FormerKept } from './former-config.ts'
import { noteUndone } from './note-undone.ts'
import { hashOf } from './write-config.ts'

export const CONFIG_KEEP_FORMER = 'config.keepFormer'

/**
 * The plan of a deploy of an edited config with the way back as its first step, so that its undo is the last: the config goes
 * back when the containers have, and not without them.
 */
export function withFormerKept(plan: Plan, { file, release, former, edited }: FormerKept): Plan {
  const keep: Operation = {
    id: operationId(CONFIG_KEEP_FORMER, ''),
    kind: CONFIG_KEEP_FORMER,
    resource: 'config',
    cause: 'it was edited',
    effect: `keep that of release ${release} at hand`,
    phase: 'apply',
    after: [],
    input: { file, release, former, edited },
  }
  const operations = plan.operations.map((operation) =>
    operation.phase === 'apply' && operation.after.length === 0 ? { ...operation, after: [keep.id] } : operation,
  )
  return { ...plan, operations: [keep, ...operations] }
}

/**
 * Keeps the config that what runs was made from beside the config, and puts it in the place of the edited one when the run
 * is undone; the edited one is in the history. Putting it back takes no space.
 */
export function keepFormer(world: World, paths: InstancePaths, backupDir: string): OperationHandler {
  const history = historyStore(paths.configBackups)
  const asideOf = (run: string) => join(backupDir, run, 'former-config')
  return {
    async execute({ input }, { run }) {
      const { file, former } = parse(input)
      const bytes = await history.read(former.number)
      if (sha256(bytes) !== former.sha256) {
        throw new DdalabError('BACKUP_DAMAGED', `#${former.number} is not what the release was made from.`, {
          hint: 'Look at the history: ddalab config history',
        })
      }
      await makeDirectory(join(backupDir, run), 0o700)
      await writeFileAtomic(asideOf(run), bytes, { like: file })
      return {}
    },
    async undo({ input }, _outcome, { run }) {
      const { file, release, former, edited } = parse(input)
      // Edited again since, or put back already.
      if (hashOf(await readBytesIfExists(file)) !== edited.sha256) return
      // Nothing is thrown away that cannot be had again.
      const kept = await history.read(edited.number).catch(() => undefined)
      if (hashOf(kept) !== edited.sha256) return
      const isAside = hashOf(await readBytesIfExists(asideOf(run))) === former.sha256
      if (isAside) await putBack(asideOf(run), file)
      else if (!(await couldWrite(history, former.number, file))) return
      await noteUndone(world, { ...paths, config: file }, 'It could not be deployed.')
      world.sink.emit({
        type: 'notice',
        level: 'warning',
        message:
          `The config is that of release ${release} again. What could not be deployed is kept as #${edited.number}: ` +
          `ddalab config restore ${edited.number}${ofInstance(paths.name)}`,
      })
    },
  }
}

/** Without a copy nothing else was begun: where there is no space the edited text may as well stay. */
async function couldWrite(history: HistoryStore, number: number, file: string): Promise<boolean> {
  try {
    await writeFileAtomic(file, await history.read(number))
    return true
  } catch {
    return false
  }
}

/** The input as it was written to the plan; it may come from a journal. */
function parse({ file, release, former, edited }: Operation['input']) {
  if (typeof file === 'string' && typeof release === 'string') {
    return { file, release, former: entryOf(former), edited: entryOf(edited) }
  }
  throw lacking()
}

function entryOf(value: Operation['input'][string] | undefined) {
  if (typeof value === 'object' && value !== null && 'number' in value && 'sha256' in value) {
    const { number, sha256 } = value
    if (typeof number === 'number' && typeof sha256 === 'string') return { number, sha256 }
  }
  throw lacking()
}

function lacking(): DdalabError {
  return new DdalabError('UNEXPECTED', `${CONFIG_KEEP_FORMER} lacks its input`)
}
