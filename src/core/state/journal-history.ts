import { join } from 'node:path'
import { namesIn, readFileIfExists } from '../files.ts'
import type { JournalRecord } from '../kernel/index.ts'
import { parseJournal } from './journal-lines.ts'

/** The journal of a run, complete or not. */
export interface KeptJournal {
  readonly run: string
  readonly records: readonly JournalRecord[]
}

const JOURNAL = /^(?<run>.+?)(?<open>\.open)?\.ndjson$/

/**
 * The journals that are kept, oldest first. Those in `known` that were complete are not read again: nothing is written to
 * them any more. What cannot be read as a journal is left out: the next change tells of it. Errors: FILE_NOT_READABLE.
 */
export async function keptJournals(
  directory: string,
  known: ReadonlyMap<string, KeptJournal> = new Map(),
): Promise<ReadonlyMap<string, KeptJournal>> {
  const names = await namesIn(directory)
  const found = await Promise.all(
    names.map(async (name) => {
      const { run, open } = JOURNAL.exec(name)?.groups ?? {}
      if (run === undefined) return undefined
      const before = known.get(name)
      return [name, (open === undefined && before) || { run, records: await recordsOf(join(directory, name)) }] as const
    }),
  )
  return new Map(found.filter((one) => one !== undefined))
}

async function recordsOf(path: string): Promise<readonly JournalRecord[]> {
  try {
    // A run that ends now gets another name.
    const text = await readFileIfExists(path)
    return text === undefined ? [] : parseJournal(text, path).records
  } catch {
    return []
  }
}
