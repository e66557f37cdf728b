import type { HistoryStore, Note } from './contract.ts'
import { formatLines, type HistoryEntry, type Line, largestNumber, lineOf } from './entry.ts'
import { type HistoryFiles, historyFiles, sha256 } from './files.ts'
import { bytesOf, entriesOf, historyReader, readLines } from './reader.ts'
import { newestWritten, settle } from './settle.ts'

/** Snapshots that are kept whatever they are. */
const MOST_SNAPSHOTS = 20

/** The lines of a history, and the newest entry that became the file. */
interface State {
  readonly lines: readonly Line[]
  readonly newest: HistoryEntry | undefined
}

/** The history in a directory, `config-backups/` of an instance; it is made at the first write. */
export function historyStore(directory: string): HistoryStore {
  const files = historyFiles(directory)
  return {
    ...historyReader(files),

    async record({ former, next, changes, ...note }, replace) {
      const noteOfEdit: Note = { ...note, reason: null, kind: 'outside' }
      const { lines, newest, outside } =
        former === undefined
          ? { ...(await settled(files, undefined)), outside: null }
          : await upToDate(files, former, noteOfEdit)
      if (newest?.sha256 === sha256(next)) {
        if (former === undefined) {
          // A file that somebody removed comes back as it was: that is no new state.
          await keepBytes(files, lines, newest, next)
          await replace()
          // Whether it had been carried out before, nobody may have known.
          return { entry: await carriedOut(files, lines, newest), outside }
        }
        return { entry: newest, outside }
      }
      const facts = { before: former === undefined ? null : sha256(former), written: null }
      const ofChange: Note = { ...note, ...(changes !== undefined && { changes }) }
      const added = await append(files, lines, ofChange, facts, former, next)
      await replace()
      return { entry: await carriedOut(files, added.lines, added.newest), outside }
    },

    async noteOutside(file, note) {
      return (await upToDate(files, file, note)).newest
    },

    async prune(keep) {
      const entries = entriesOf(await readLines(files))
      const removed: number[] = []
      const needed = new Set(keep)
      let kept = 0
      for (const number of (await files.numbers()).toReversed()) {
        const path = files.snapshot(number)
        const entry = entries.find((candidate) => candidate.number === number)
        const bytes = await files.read(path)
        // What is damaged, or what no entry knows, is for a person to look at.
        if (bytes === undefined || entry?.sha256 !== sha256(bytes)) continue
        kept += 1
        if (needed.delete(entry.sha256) || kept <= MOST_SNAPSHOTS) continue
        await files.remove(path)
        removed.push(number)
      }
      return removed.toReversed()
    },
  }
}

const writeLines = (files: HistoryFiles, lines: readonly Line[]) => files.write(files.ledger, formatLines(lines))

const withEntry = (lines: readonly Line[], entry: HistoryEntry): readonly Line[] =>
  lines.map((line) => (line.entry?.number === entry.number && line.entry !== entry ? lineOf(entry) : line))

/** The newest entry as one that became the file, on disk too. Should that fail, what the file is tells it: as after a crash. */
async function carriedOut(files: HistoryFiles, lines: readonly Line[], newest: HistoryEntry): Promise<HistoryEntry> {
  if (newest.written === true) return newest
  const entry = { ...newest, written: true }
  await writeLines(files, withEntry(lines, entry)).catch(() => {})
  return entry
}

/** The lines, with the newest entry settled by what the file is: on disk too, as the next file tells nothing of it. */
async function settled(files: HistoryFiles, file: Uint8Array | undefined): Promise<State> {
  await files.prepare()
  const lines = await readLines(files)
  const before = entriesOf(lines)
  const entries = settle(before, file === undefined ? null : sha256(file))
  const last = entries.at(-1)
  const newest = newestWritten(entries)
  if (last === undefined || last === before.at(-1)) return { lines, newest }
  const known = withEntry(lines, last)
  await writeLines(files, known)
  return { lines: known, newest }
}

/** The same, and what the file is has an entry and a snapshot. */
async function upToDate(files: HistoryFiles, file: Uint8Array, note: Note) {
  const { lines, newest } = await settled(files, file)
  if (newest?.sha256 === sha256(file)) {
    await keepBytes(files, lines, newest, file)
    return { lines, newest, outside: null }
  }
  const former = newest && (await bytesOf(files, newest, entriesOf(lines)))
  const added = await append(files, lines, note, { before: newest?.sha256 ?? null, written: true }, former, file)
  return { ...added, outside: added.newest }
}

/** Writes the snapshot of an entry where none is left: a process died before it was written, or somebody removed it. */
async function keepBytes(
  files: HistoryFiles,
  lines: readonly Line[],
  entry: HistoryEntry,
  bytes: Uint8Array,
): Promise<void> {
  if ((await bytesOf(files, entry, entriesOf(lines))) === undefined)
    await files.write(files.snapshot(entry.number), bytes)
}

async function append(
  files: HistoryFiles,
  lines: readonly Line[],
  note: Note,
  facts: Pick<HistoryEntry, 'before' | 'written'>,
  before: Uint8Array | undefined,
  bytes: Uint8Array,
): Promise<{ readonly lines: readonly Line[]; readonly newest: HistoryEntry }> {
  // The reader of YAML is loaded only when there is something to describe.
  const { describe } = await import('./describe.ts')
  const { version, changes } = describe(before, bytes)
  const entry: HistoryEntry = {
    number: Math.max(largestNumber(lines), (await files.numbers()).at(-1) ?? 0) + 1,
    at: note.at.toISOString(),
    by: note.kind === 'outside' ? null : note.by,
    command: note.command,
    reason: note.reason,
    kind: note.kind,
    sha256: sha256(bytes),
    version,
    changes: note.changes ?? changes,
    ...facts,
  }
  const longer = [...lines, lineOf(entry)]
  // The entry first: a snapshot without an entry is then never what a killed process left, but one whose line was lost.
  await writeLines(files, longer)
  try {
    await files.write(files.snapshot(entry.number), bytes)
  } catch (thrown) {
    // Should this fail as well the file will tell, as after a crash.
    await writeLines(files, lines).catch(() => {})
    throw thrown
  }
  return { lines: longer, newest: entry }
}
