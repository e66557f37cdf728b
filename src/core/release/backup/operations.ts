import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import type { OperationContext, OperationHandler } from '../../kernel/handler.ts'
import type { Operation } from '../../kernel/plan.ts'
import { type DataAccess, type DataContext, type DataCopy, Unchanged } from '../../providers/docker/data/index.ts'
import type { Backup, BackupPart } from './backup.ts'
import { copyWhole } from './copy.ts'
import { expiredBackups, type RollbackPoint } from './retention.ts'
import type { BackupStore } from './store.ts'

export interface BackupTools {
  readonly store: BackupStore
  readonly access: DataAccess
  readonly now: () => Date
  readonly by: string
  readonly command: string
  readonly rollbackPoints: () => Promise<readonly RollbackPoint[]>
}

const dataPart = z.object({
  name: z.string(),
  kind: z.enum(['postgres', 'redis', 's3', 'volume']),
  service: z.string(),
  container: z.string(),
  images: z.array(z.string()),
  path: z.string(),
  pause: z.array(z.string()),
  bucket: z.string(),
  live: z.boolean(),
  variables: z.object({ user: z.string(), database: z.string(), password: z.string() }),
})
const backupInput = z.object({
  id: z.string(),
  reason: z.string(),
  release: z.string().nullable(),
  version: z.string(),
  recipients: z.array(z.string()),
  keepWhenUndone: z.boolean(),
  parts: z.array(dataPart),
})
const restoreInput = z.object({ backup: z.string(), safety: z.string(), part: dataPart })
const verifyInput = z.object({ backup: z.string(), parts: z.array(dataPart) })
const pruneInput = z.object({ keep: z.int() })
const inspectInput = z.object({ backup: z.string(), parts: z.array(z.string()) })

function contextOf(operation: Operation, { run, signal, progress }: OperationContext): DataContext {
  return { label: `${run}/${operation.id}`, signal, progress }
}

/** Copies the parts, and reads every copy once more with the tool that would restore it, before anything goes on (rule 13). */
export function dataBackup({ store, access, now, by, command }: BackupTools): OperationHandler {
  return {
    async execute(operation, running) {
      const { id, parts, recipients, reason, release, version } = backupInput.parse(operation.input)
      const context = contextOf(operation, running)
      const at = now().toISOString()
      const draft = await store.begin(id)
      try {
        const written: BackupPart[] = []
        for (const part of parts) {
          written.push(await copyWhole({ access, part, draft, recipients, now, context }))
        }
        await draft.complete({ format: 1, id, at, by, command, reason, release, version, recipients, parts: written })
      } catch (thrown) {
        // What the disk has no room for goes at once, not only when everything is undone.
        await store.remove(id).catch(() => undefined)
        throw thrown
      }
      return { id }
    },
    async undo(operation, _outcome, running) {
      const { id, parts, keepWhenUndone } = backupInput.parse(operation.input)
      await access.tidy(parts, contextOf(operation, running).label)
      const isWhole = (await store.ids()).includes(id)
      if (!isWhole || !keepWhenUndone) await store.remove(id)
    },
  }
}

/** Reads a backup to its end before anything is stopped for it: checksums, encryption, compression. */
export function dataInspect({ store }: BackupTools): OperationHandler {
  return {
    async execute(operation, { signal }) {
      const { backup: id, parts } = inspectInput.parse(operation.input)
      const backup = await store.read(id)
      for (const name of parts) {
        const part = partOf(backup, name)
        await store.check(id, part)
        await pipeline(store.open(id, part), drain, { signal })
      }
      return {}
    },
    async undo() {},
  }
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _chunk of source);
}

/** Puts the data of one part back; undone with the backup that was made just before. */
export function dataRestore({ store, access }: BackupTools): OperationHandler {
  /** Labels of steps that failed without a trace; known to this process only, and a new one undoes them for safety. */
  const unchanged = new Set<string>()
  const load = async (id: string, operation: Operation, context: DataContext) => {
    const { safety, part } = restoreInput.parse(operation.input)
    const copied = copyOf(store, await store.read(id), part.name)
    const { facts } = partOf(await store.read(safety), part.name)
    await access.load(part, copied, facts, context).finally(() => copied.source.destroy())
  }
  return {
    async execute(operation, running) {
      const { backup } = restoreInput.parse(operation.input)
      const context = contextOf(operation, running)
      await load(backup, operation, context).catch((thrown) => {
        if (thrown instanceof Unchanged) unchanged.add(context.label)
        throw thrown
      })
      return {}
    },
    async undo(operation, _outcome, running) {
      const { safety, part } = restoreInput.parse(operation.input)
      const context = contextOf(operation, running)
      await access.tidy([part], context.label)
      if (!unchanged.has(context.label)) await load(safety, operation, context)
    },
  }
}

/** Restores every part on trial and writes down what was found in it. */
export function dataVerify({ store, access, now }: BackupTools): OperationHandler {
  return {
    async execute(operation, running) {
      const { backup: id, parts } = verifyInput.parse(operation.input)
      const context = contextOf(operation, running)
      const backup = await store.read(id)
      const found: { [name: string]: { readonly [count: string]: number } } = {}
      for (const part of parts) {
        await store.check(id, partOf(backup, part.name))
        context.progress({ message: `restoring ${part.name} on trial` })
        const copied = copyOf(store, backup, part.name)
        found[part.name] = await access.rehearse(part, copied, context).finally(() => copied.source.destroy())
      }
      await store.verified(id, { at: now().toISOString(), parts: found })
      return {}
    },
    async undo(operation, _outcome, running) {
      await access.tidy([], contextOf(operation, running).label)
    },
  }
}

export function dataPrune({ store, rollbackPoints }: BackupTools): OperationHandler {
  return {
    async execute({ input }) {
      const { keep } = pruneInput.parse(input)
      const { backups } = await store.list()
      const points = await rollbackPoints()
      for (const { id } of expiredBackups(backups, { keep, points })) await store.remove(id)
      return {}
    },
  }
}

function copyOf(store: BackupStore, backup: Backup, name: string): DataCopy {
  const part = partOf(backup, name)
  return { facts: part.facts, bytes: part.bytes, source: store.open(backup.id, part) }
}

function partOf({ id, parts }: Backup, name: string): BackupPart {
  const found = parts.find((one) => one.name === name)
  if (found === undefined) throw new DdalabError('BACKUP_DAMAGED', `The backup ${id} has no data "${name}".`)
  return found
}
