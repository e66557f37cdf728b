import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { historyStore, isEntryKind, sha256 } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { keepAside, makeDirectory, putBack, readBytesIfExists } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import { type Operation, type OperationHandler, operationId, type Plan } from '../../kernel/index.ts'
import type { World } from '../world.ts'
import { noteUndone } from './note-undone.ts'
import type { PreparedChange } from './prepare-change.ts'
import { changedMeanwhile, hashOf, type WriteNote, writeConfig } from './write-config.ts'

export const CONFIG_WRITE = 'config.write'

/** The plan with the writing of the config as its last step before the verdict: only what has worked becomes the config. */
export function withConfigWrite(
  plan: Plan,
  { place, former, text }: PreparedChange,
  { kind, reason }: WriteNote,
): Plan {
  const before = sha256(former)
  if (sha256(Buffer.from(text)) === before) return plan
  return withWrite(plan, 'write the changed settings', { file: place.paths.config, before, text, kind, reason })
}

/** A state of the history that is to become the config again. */
export interface Restored {
  readonly file: string
  /** The SHA-256 of what the file is now; null when it is not there. */
  readonly before: string | null
  readonly number: number
  readonly sha256: string
}

/** The same with the bytes of an entry of the history, which the plan only names: their secrets need not be encrypted. */
export function withConfigRestore(plan: Plan, restored: Restored, reason: string): Plan {
  const { file, before, number, sha256: after } = restored
  if (before === after) return plan
  return withWrite(plan, `restore #${number} of its history`, { file, before, number, after, kind: 'restore', reason })
}

function withWrite(plan: Plan, effect: string, input: Operation['input']): Plan {
  const apply = plan.operations.filter(({ phase }) => phase === 'apply')
  const write: Operation = {
    id: operationId(CONFIG_WRITE, ''),
    kind: CONFIG_WRITE,
    resource: 'config',
    cause: plan.action,
    effect,
    phase: 'apply',
    after: apply.map(({ id }) => id),
    input,
  }
  const commit = plan.operations.filter(({ phase }) => phase === 'commit')
  return { ...plan, operations: [...apply, write, ...commit] }
}

/**
 * Writes the config of an instance, and puts back what was there. The text is in the plan, its secrets encrypted, or in the
 * history; the former file is kept aside, so that putting it back takes no space.
 */
export function configWrite(world: World, paths: InstancePaths, backupDir: string): OperationHandler {
  const asideOf = (run: string) => join(backupDir, run, 'config')
  // Of the command that began the run, which is not always the one that recovers it (`-f FILE`).
  const pathsOf = ({ file }: Operation['input']) => (typeof file === 'string' ? { ...paths, config: file } : paths)
  const textOf = async ({ text, number }: Operation['input']) => {
    if (typeof number !== 'number') return text
    return Buffer.from(await historyStore(paths.configBackups).read(number)).toString('utf8')
  }
  return {
    async execute({ input }, { run }) {
      const { before, kind, reason } = input
      const text = await textOf(input)
      if (typeof text !== 'string' || !isEntryKind(kind))
        throw new DdalabError('UNEXPECTED', `${CONFIG_WRITE} lacks its input`)
      const its = pathsOf(input)
      const present = await readBytesIfExists(its.config)
      if (hashOf(present) === sha256(Buffer.from(text))) return {}
      if (hashOf(present) !== before) throw changedMeanwhile(its.config)
      const aside = asideOf(run)
      await makeDirectory(join(backupDir, run), 0o700)
      if (!(await isThere(aside))) await keepAside(its.config, aside)
      await writeConfig(world, its, present, text, { kind, reason: typeof reason === 'string' ? reason : null })
      return {}
    },
    async undo({ input }, _outcome, { run }) {
      const its = pathsOf(input)
      const present = await readBytesIfExists(its.config)
      // Never written, or edited by somebody since: theirs stays.
      if (hashOf(present) !== (input.after ?? sha256(Buffer.from(String(input.text))))) return
      await putBack(asideOf(run), its.config)
      await noteUndone(world, its, 'It could not be brought to what runs.')
    },
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
