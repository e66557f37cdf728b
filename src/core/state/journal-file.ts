import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DdalabError } from '../errors.ts'
import { namesIn, readFileIfExists, syncDirectory, writeError } from '../files.ts'
import { isComplete, type Journal, type JournalStore } from '../kernel/index.ts'
import { groupCommit } from './group-commit.ts'
import { formatLine, parseJournal } from './journal-lines.ts'

/** Complete journals that are kept, for a person who wants to know what happened. */
const KEPT = 50

const OPEN = '.open.ndjson'
const COMPLETE = '.ndjson'

/**
 * Journals as files, one for each run: `2026-11-21T08-47-00Z-3f9a1c2e.ndjson`, named `….open.ndjson` until the run is complete,
 * so that a look at the names tells whether there is something to recover. The content decides, the name only finds it.
 *
 * Writing throws DISK_FULL or FILE_NOT_WRITABLE, reading FILE_NOT_READABLE or JOURNAL_DAMAGED.
 */
export function createJournalStore(directory: string): JournalStore {
  const pathOf = (run: string, suffix: string): string => join(directory, run + suffix)

  const names = async () => (await namesIn(directory)).filter((name) => name.endsWith(COMPLETE))

  const unfinished: JournalStore['unfinished'] = async () => {
    for (const name of await names()) {
      if (!name.endsWith(OPEN)) continue
      const path = join(directory, name)
      const text = await readFileIfExists(path)
      // Another process may have completed it since the names were read.
      if (text === undefined) continue
      const { records } = parseJournal(text, path)
      if (!isComplete(records)) return { run: name.slice(0, -OPEN.length), records }
    }
    return undefined
  }

  /** Gives journals the names that they should have, where a crash came between, and drops the oldest. */
  const tidy = async (): Promise<void> => {
    const all = await names()
    for (const name of all.filter((candidate) => candidate.endsWith(OPEN))) {
      await rename(join(directory, name), pathOf(name.slice(0, -OPEN.length), COMPLETE))
    }
    for (const name of all.slice(0, -KEPT)) await rm(join(directory, name.replace(OPEN, COMPLETE)), { force: true })
  }

  const create: JournalStore['create'] = async (run) => {
    const left = await unfinished()
    if (left !== undefined) {
      throw new DdalabError('UNEXPECTED', `run ${run} cannot begin: run ${left.run} has not been recovered`)
    }
    try {
      const made = await mkdir(directory, { recursive: true, mode: 0o700 })
      if (made !== undefined) await syncDirectory(dirname(directory))
      await tidy()
      const journal = await openJournal(pathOf(run, OPEN), 'wx', 0, pathOf(run, COMPLETE))
      await syncDirectory(directory).catch(async (thrown: unknown) => {
        await journal.close()
        throw thrown
      })
      return journal
    } catch (thrown) {
      throw writeError(thrown, pathOf(run, OPEN))
    }
  }

  const reopen: JournalStore['reopen'] = async (run) => {
    const path = pathOf(run, OPEN)
    const { length } = parseJournal((await readFileIfExists(path)) ?? '', path)
    try {
      return await openJournal(path, 'r+', length, pathOf(run, COMPLETE))
    } catch (thrown) {
      throw writeError(thrown, path)
    }
  }

  return { create, unfinished, reopen }
}

/** @param length bytes to keep; what follows was torn off by a crash */
async function openJournal(path: string, flags: 'wx' | 'r+', length: number, completePath: string): Promise<Journal> {
  const file = await open(path, flags, 0o600)
  try {
    await file.truncate(length)
  } catch (thrown) {
    await file.close()
    throw thrown
  }
  let end = length
  let broken: DdalabError | undefined
  let complete = false

  const write = groupCommit(async (batch) => {
    if (broken !== undefined) throw broken
    const bytes = Buffer.from(batch.join(''))
    try {
      for (let written = 0; written < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, written, bytes.length - written, end + written)
        written += bytesWritten
      }
      await file.datasync()
      end += bytes.length
    } catch (thrown) {
      // What was refused must not be found later: cut it off. If that fails too, nothing more can be promised.
      const error = writeError(thrown, path)
      await file.truncate(end).catch(() => {
        broken = error
      })
      throw error
    }
  })

  return {
    append: async (record) => {
      await write(formatLine(record))
      complete = isComplete([record])
    },
    close: async () => {
      await file.close()
      if (!complete) return
      try {
        await rename(path, completePath)
      } catch {
        // The next run gives it its name.
      }
    },
  }
}
