import { statfs } from 'node:fs/promises'
import { DdalabError } from '../../errors.ts'
import type { DataAccess, DataContext, DataPart } from '../../providers/docker/data/index.ts'
import type { BackupPart } from './backup.ts'
import { encodeFile } from './encode.ts'
import type { Draft } from './store.ts'

export interface CopyWork {
  readonly access: DataAccess
  readonly part: DataPart
  readonly draft: Draft
  readonly recipients: readonly string[]
  readonly now: () => Date
  readonly context: DataContext
}

/** Files that change while they are copied may tear the copy; a moment later they may not. */
const TRIES = 3

/** Copies a part into a draft, and reads the copy to its end. Errors: those of `DataAccess`, DISK_FULL, FILE_NOT_WRITABLE. */
export async function copyWhole(work: CopyWork): Promise<BackupPart> {
  const { access, part, draft, context } = work
  for (let left = TRIES; ; left -= 1) {
    context.progress({ message: `copying ${part.name}` })
    const copied = await copy(work)
    context.progress({ message: `reading ${part.name} once more` })
    const source = draft.read(copied)
    try {
      await access.check(part, { ...copied, source }, context)
      return copied
    } catch (thrown) {
      const isTorn = part.live && thrown instanceof DdalabError && thrown.code === 'OPERATION_FAILED'
      if (!isTorn || left === 1) throw thrown
      await draft.discard(copied.file)
    } finally {
      source.destroy()
    }
  }
}

const EXTENSIONS = { postgres: 'pgdump', redis: 'rdb', s3: 'tar', volume: 'tar' } as const

async function copy({ access, part, draft, recipients, now, context }: CopyWork): Promise<BackupPart> {
  const { name, kind, service } = part
  const encrypted = recipients.length > 0
  const file = `${name}.${EXTENSIONS[kind]}.zst${encrypted ? '.age' : ''}`
  const startedAt = now().getTime()
  const encoder = encodeFile(draft.path(file), recipients, (current) => {
    context.progress({ message: `copying ${name}`, current, unit: 'bytes' })
    spaceLeft(draft.path('.')).then(
      (free) => {
        if (free < RESERVE) encoder.input.destroy(nearlyFull(draft.path(file)))
      },
      () => undefined,
    )
  })
  try {
    const facts = await access.save(part, encoder.input, context)
    const encoded = await encoder.finish()
    const durationMs = now().getTime() - startedAt
    return { name, kind, service, file, ...encoded, compression: 'zstd', encrypted, facts, durationMs }
  } catch (thrown) {
    // Where writing broke it, that is the reason, and not what became of the copying then.
    if (encoder.input.errored) await encoder.finish()
    await encoder.abandon()
    throw thrown
  }
}

/** Bytes that a backup leaves on its disk: a database may be on the same one, and a full disk would stop it. */
const RESERVE = 256 * 1024 * 1024

async function spaceLeft(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

function nearlyFull(path: string): DdalabError {
  return new DdalabError('DISK_FULL', `${path}: the backup was given up before it took the last space of the disk`, {
    hint: 'Free some space on that file system, or back up less: ddalab backup create --only PART',
  })
}
