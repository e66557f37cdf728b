/** Why the config was written. */
const KINDS = ['init', 'change', 'outside', 'restore', 'migrate', 'undo', 'backup', 'import', 'rotate'] as const
export type EntryKind = (typeof KINDS)[number]

export function isEntryKind(value: unknown): value is EntryKind {
  return KINDS.some((kind) => kind === value)
}

/** One write of the config: all that is known of it but its bytes. */
export interface HistoryEntry {
  /** Counted from 1, never used twice. */
  readonly number: number
  /** ISO 8601. */
  readonly at: string
  /** `user@host`; null for `outside`, where it is not known. */
  readonly by: string | null
  /** As typed, without secret values; of `outside`, the command that found it. */
  readonly command: string
  /** The text of `-m`. */
  readonly reason: string | null
  readonly kind: EntryKind
  /** Of the file's bytes, hex. */
  readonly sha256: string
  /** The same of what was replaced; null when there was no file. */
  readonly before: string | null
  /** The schema version that the text states. */
  readonly version: string | null
  /** Paths of the settings that changed, never values. */
  readonly changes: readonly string[]
  /** Whether the bytes became the file; null when that is not known (yet), as after a crash. */
  readonly written: boolean | null
}

/** A line of the history: kept as it is, whether it can be read or not. */
export interface Line {
  /** Bytes, one each character (latin1), so that nothing of a damaged line is lost. */
  readonly raw: string
  /** Absent when it cannot be read. */
  readonly entry?: HistoryEntry
}

export function lineOf(entry: HistoryEntry): Line {
  return { raw: Buffer.from(JSON.stringify(entry)).toString('latin1'), entry }
}

/** The bytes of the history file. */
export function formatLines(lines: readonly Line[]): Uint8Array {
  return Buffer.from(lines.map(({ raw }) => `${raw}\n`).join(''), 'latin1')
}

/** The lines of the history file. A line whose number was there before is as good as damaged. */
export function parseLines(bytes: Uint8Array): readonly Line[] {
  const seen = new Set<number>()
  return Buffer.from(bytes)
    .toString('latin1')
    .split('\n')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const entry = parseEntry(Buffer.from(raw, 'latin1').toString('utf8'))
      if (entry === undefined || seen.has(entry.number)) return { raw }
      seen.add(entry.number)
      return { raw, entry }
    })
}

/** The largest number that any line, also a damaged one, may have used. */
export function largestNumber(lines: readonly Line[]): number {
  return lines.reduce((largest, { raw, entry }) => {
    const number = entry?.number ?? Number(/"number":(\d{1,9})\b/.exec(raw)?.[1] ?? 0)
    return Math.max(largest, number)
  }, 0)
}

function parseEntry(text: string): HistoryEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isEntry(value) ? value : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isHash = (value: unknown): boolean => isText(value) && /^[0-9a-f]{64}$/.test(value)

const FIELDS: { readonly [Field in keyof HistoryEntry]: (value: unknown) => boolean } = {
  number: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  at: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
  by: (value) => value === null || isText(value),
  command: isText,
  reason: (value) => value === null || isText(value),
  kind: isEntryKind,
  sha256: isHash,
  before: (value) => value === null || isHash(value),
  version: (value) => value === null || isText(value),
  changes: (value) => Array.isArray(value) && value.every(isText),
  written: (value) => value === null || typeof value === 'boolean',
}

function isEntry(value: unknown): value is HistoryEntry {
  if (value === null || typeof value !== 'object') return false
  const found = new Map<string, unknown>(Object.entries(value))
  return Object.entries(FIELDS).every(([field, holds]) => holds(found.get(field)))
}
