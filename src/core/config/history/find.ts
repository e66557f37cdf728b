import { createReadStream } from 'node:fs'
import { DdalabError } from '../../errors.ts'
import { isMissing, readError } from '../../files.ts'
import type { HistoryEntry } from './entry.ts'

/** A state of the config, as somebody named it. */
export interface Backup {
  /** Null for a file. */
  readonly number: number | null
  /** `#7`, or the path. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** One byte more than a config may have (`LARGEST`): enough to refuse it, and no more than that of an endless file. */
const ENOUGH = 1_000_001

/** The bytes of a file. BACKUP_NOT_FOUND when there is none, FILE_NOT_READABLE. */
export async function backupOfFile(path: string): Promise<Backup> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(path, { end: ENOUGH - 1 })) chunks.push(chunk)
  } catch (thrown) {
    if (!isMissing(thrown)) throw readError(thrown, path)
    throw new DdalabError('BACKUP_NOT_FOUND', `There is no backup and no file "${path}".`, {
      hint: 'Name an entry of the history by its number (7 or #7), "latest", "latest-1" for the one before, or a file.',
      cause: thrown,
    })
  }
  return { number: null, name: path, bytes: Buffer.concat(chunks) }
}

interface Kept {
  readonly number: number
  readonly kept: boolean
}

/** Why there is nothing to be read under a number (or a word), and what there is instead. */
export function noBackup(
  wanted: number | string,
  entry: HistoryEntry | undefined,
  { entries }: { readonly entries: readonly Kept[] },
): DdalabError {
  const name = typeof wanted === 'number' ? `#${wanted}` : `"${wanted}"`
  const message =
    entry === undefined
      ? `There is no backup ${name}.`
      : entry.written === true
        ? `The content of ${name} is no longer kept; the history only knows that it was there.`
        : `${name} was never written: the command ended before.`
  const kept = entries.filter((candidate) => candidate.kept).map(({ number }) => number)
  return new DdalabError('BACKUP_NOT_FOUND', message, { hint: hintFor(typeof wanted === 'number' ? wanted : 1, kept) })
}

function hintFor(wanted: number, kept: readonly number[]): string {
  const nearest = kept
    .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
    .slice(0, 3)
    .sort((a, b) => a - b)
  if (nearest.length === 0) return 'Nothing is kept yet: the first backup is made at the next change.'
  const names = nearest.map((number) => `#${number}`).join(', ')
  return `${nearest.length === 1 ? 'The only one near it is' : 'The nearest ones are'} ${names}. See them all with: ddalab config history`
}
