import { type EntryKind, type HistoryEntry, historyStore, type Note, sha256 } from '../../config/history/index.ts'
import { DdalabError } from '../../errors.ts'
import { readBytesIfExists, writeFileAtomic } from '../../files.ts'
import type { InstancePaths } from '../../instance/index.ts'
import { releaseStore } from '../../release/index.ts'
import type { World } from '../world.ts'
import { commitToGit } from './commit-to-git.ts'

/** What the history is told about a write. */
export interface WriteNote {
  readonly kind: EntryKind
  /** Why, in the words of the person (`-m`). */
  readonly reason: string | null
  /** In place of the paths that differ. */
  readonly changes?: readonly string[]
}

export interface Written {
  readonly entry: HistoryEntry
  /** The file had been edited by hand: the entry of that. */
  readonly outside: HistoryEntry | null
}

/**
 * The one place where a config is replaced: an entry and the bytes go into the history, then the file is replaced as a
 * whole, then committed where it lies in a git repository. The lease is held, and the file is what the text was made from (`former`; undefined: there is none).
 *
 * Errors: CONFIG_CHANGED, DISK_FULL, FILE_NOT_WRITABLE; the file is then as it was.
 */
export async function writeConfig(
  world: World,
  paths: InstancePaths,
  former: Uint8Array | undefined,
  text: string,
  note: WriteNote,
): Promise<Written> {
  const present = await readBytesIfExists(paths.config)
  if (hashOf(present) !== hashOf(former)) throw changedMeanwhile(paths.config)
  const history = historyStore(paths.configBackups)
  const written = await history.record({ ...noteOf(world, note), former, next: Buffer.from(text) }, () =>
    writeFileAtomic(paths.config, text, former === undefined ? { mode: 0o600 } : {}),
  )
  const needed = await releaseStore(paths.releases).kept()
  await history.prune(new Set(needed.flatMap(({ config }) => config?.sha256 ?? [])))
  await commitToGit(world, paths.config, text, written.entry)
  return written
}

/** Who, when and by which command, beside what the writer says. */
export function noteOf({ environment, command, now }: World, note: WriteNote): Note {
  return { ...note, at: now(), by: `${environment.user}@${environment.hostname}`, command }
}

export function hashOf(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : sha256(bytes)
}

export function changedMeanwhile(file: string): DdalabError {
  return new DdalabError('CONFIG_CHANGED', `${file} was changed by somebody else meanwhile: nothing was written.`, {
    hint: 'Look at it, then run the command again.',
    place: { file },
  })
}
