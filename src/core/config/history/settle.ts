import type { HistoryEntry } from './entry.ts'

/**
 * The entries in the light of the file that is there (its SHA-256, null when there is none). A process that died between
 * the entry and the file leaves a newest entry of which it is not known whether it was carried out: the file tells. It does
 * not when somebody has edited the file since; `written` then stays null.
 */
export function settle(entries: readonly HistoryEntry[], file: string | null): readonly HistoryEntry[] {
  const newest = entries.at(-1)
  if (newest?.written !== null) return entries
  const written = file === newest.sha256 ? true : file === newest.before ? false : null
  return written === null ? entries : [...entries.slice(0, -1), { ...newest, written }]
}

/** The newest entry that became the file, or may have. */
export function newestWritten(entries: readonly HistoryEntry[]): HistoryEntry | undefined {
  return entries.findLast(({ written }) => written !== false)
}
