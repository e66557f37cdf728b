import { DdalabError } from '../errors.ts'
import type { JournalRecord } from '../kernel/index.ts'

/** The fields without which a line of that type is not one. */
const FIELDS: { readonly [Type in JournalRecord['type']]: readonly string[] } = {
  begin: ['run', 'at', 'command', 'plan'],
  intent: ['operation'],
  done: ['operation', 'outcome'],
  failed: ['operation', 'error'],
  verdict: ['verdict'],
  'undo-intent': ['operation'],
  undone: ['operation'],
  'undo-failed': ['operation', 'error'],
  end: ['result', 'at'],
}

export function formatLine(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`
}

export interface JournalText {
  readonly records: readonly JournalRecord[]
  /** Bytes of the readable lines; what follows was torn off by a crash. */
  readonly length: number
}

/**
 * The lines of a journal. What a crash left at its end, half a line or an unreadable one, was never durable, nothing was
 * done on its strength, and it is dropped. An unreadable line with readable ones behind it is something else: JOURNAL_DAMAGED.
 */
export function parseJournal(text: string, path: string): JournalText {
  const lines = text.split('\n').slice(0, -1)
  const parsed = lines.map(parseLine)
  const torn = parsed.indexOf(undefined)
  const count = torn < 0 ? parsed.length : torn
  if (parsed.slice(count).some((record) => record !== undefined)) {
    throw new DdalabError('JOURNAL_DAMAGED', `${path}: line ${count + 1} cannot be read`, {
      hint: 'See with "docker ps --all" that what runs is what should run, then move this file away.',
      place: { file: path, line: count + 1 },
    })
  }
  const records = parsed.slice(0, count).filter((record) => record !== undefined)
  return {
    records,
    length: Buffer.byteLength(
      lines
        .slice(0, count)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  }
}

function parseLine(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return false
  const fields = new Map<string, readonly string[]>(Object.entries(FIELDS)).get(value.type)
  return fields?.every((field) => field in value) ?? false
}
