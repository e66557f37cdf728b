import { DdalabError, type Problem } from '../../errors.ts'
import type { History, HistoryStore } from './contract.ts'
import { type HistoryEntry, type Line, parseLines } from './entry.ts'
import { type HistoryFiles, sha256 } from './files.ts'
import { backupOfFile, noBackup } from './find.ts'
import { newestWritten, settle } from './settle.ts'
import { parseBackupWord } from './word.ts'

export async function readLines(files: HistoryFiles): Promise<readonly Line[]> {
  return parseLines((await files.read(files.ledger)) ?? new Uint8Array())
}

export function entriesOf(lines: readonly Line[]): readonly HistoryEntry[] {
  return lines.flatMap(({ entry }) => entry ?? [])
}

/** The bytes of an entry: its own snapshot, or another one of the same content. */
export async function bytesOf(
  files: HistoryFiles,
  wanted: HistoryEntry,
  entries: readonly HistoryEntry[],
): Promise<Uint8Array | undefined> {
  const same = entries.filter((entry) => entry.sha256 === wanted.sha256 && entry.number !== wanted.number)
  for (const { number } of [wanted, ...same]) {
    const bytes = await files.read(files.snapshot(number))
    if (bytes !== undefined && sha256(bytes) === wanted.sha256) return bytes
  }
  return undefined
}

/** The half of the store that needs no lease. */
export function historyReader(files: HistoryFiles): Pick<HistoryStore, 'list' | 'read' | 'find'> {
  async function list(file: Uint8Array | undefined): Promise<History> {
    const lines = await readLines(files)
    const hash = file === undefined ? null : sha256(file)
    const entries = settle(entriesOf(lines), hash)
    const newest = newestWritten(entries)
    const { good, problems } = await lookAtSnapshots(entries)
    const lost = lines.flatMap(({ entry }, index) =>
      entry === undefined ? [damaged('This line cannot be read', files.ledger, index + 1)] : [],
    )
    return {
      entries: entries.map((entry) => ({
        ...entry,
        kept: good.has(entry.sha256),
        current: entry === newest && entry.sha256 === hash,
      })),
      outside: hash !== null && newest?.sha256 !== hash,
      problems: [...lost, ...problems],
    }
  }

  async function lookAtSnapshots(entries: readonly HistoryEntry[]) {
    const good = new Set<string>()
    const problems: Problem[] = []
    for (const number of await files.numbers()) {
      const path = files.snapshot(number)
      const bytes = await files.read(path)
      // Pruned by another process meanwhile.
      if (bytes === undefined) continue
      const entry = entries.find((candidate) => candidate.number === number)
      if (entry === undefined) problems.push(damaged('No entry of the history says what this is', path))
      else if (entry.sha256 !== sha256(bytes)) problems.push(damaged(`This is not what #${number} recorded`, path))
      else good.add(entry.sha256)
    }
    return { good, problems }
  }

  async function read(number: number): Promise<Uint8Array> {
    const entries = entriesOf(await readLines(files))
    const entry = entries.find((candidate) => candidate.number === number)
    const own = await files.read(files.snapshot(number))
    // The line is lost, the bytes are not.
    if (entry === undefined && own !== undefined) return own
    const bytes = entry && (await bytesOf(files, entry, entries))
    if (bytes !== undefined) return bytes
    if (own === undefined) throw noBackup(number, entry, await list(undefined))
    throw new DdalabError('BACKUP_DAMAGED', `The snapshot of #${number} is not what was written then.`, {
      hint: 'Look at the file; when it is good, name it by its path.',
      place: { file: files.snapshot(number) },
    })
  }

  const backup = async (number: number) => ({ number, name: `#${number}`, bytes: await read(number) })

  return {
    list,
    read,
    async find(word, file) {
      const wanted = parseBackupWord(word)
      if (wanted.kind === 'file') return backupOfFile(wanted.path)
      if (wanted.kind === 'number') return backup(wanted.number)
      const history = await list(file)
      const written = history.entries.filter((entry) => entry.written !== false)
      // An edit by hand that is in no entry comes after the newest one.
      const steps = Math.max(0, wanted.steps - (history.outside ? 1 : 0))
      const entry = written.at(-1 - steps)
      if (entry === undefined) throw noBackup(word, undefined, history)
      return backup(entry.number)
    },
  }
}

function damaged(message: string, file: string, line?: number): Problem {
  return {
    code: 'BACKUP_DAMAGED',
    message,
    hint: 'It was left where it is; nothing else depends on it.',
    place: { file, ...(line !== undefined && { line }) },
  }
}
