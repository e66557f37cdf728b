import { isComplete, type Journal, type JournalRecord, type JournalStore } from '../../src/core/kernel/index.ts'

export interface MemoryJournals extends JournalStore {
  /** The lines that are "on disk", of all runs. */
  readonly lines: readonly JournalRecord[]
}

/**
 * Journals in memory. `write` stands for the disk: it gets each line and the function that makes it durable, so that a test
 * can fail before it, die after it, or take its time.
 */
export function memoryJournals(
  write: (record: JournalRecord, persist: () => void) => Promise<void> = async (_record, persist) => persist(),
): MemoryJournals {
  const runs = new Map<string, JournalRecord[]>()
  const open = (run: string): Journal => ({
    append: (record) => write(record, () => void runs.get(run)?.push(structuredClone(record))),
    close: async () => {},
  })
  return {
    get lines() {
      return [...runs.values()].flat()
    },
    create: async (run) => {
      runs.set(run, [])
      return open(run)
    },
    reopen: async (run) => open(run),
    unfinished: async () => {
      const found = [...runs].find(([, records]) => !isComplete(records))
      return found === undefined ? undefined : { run: found[0], records: structuredClone(found[1]) }
    },
  }
}

/** `intent a`, `verdict commit`, `end rolled-back`: a line as a test wants to read it. */
export function shown(record: JournalRecord): string {
  switch (record.type) {
    case 'begin':
      return `begin ${record.run}`
    case 'verdict':
      return `verdict ${record.verdict}`
    case 'end':
      return `end ${record.result}`
    case 'intent':
    case 'done':
    case 'failed':
    case 'undo-intent':
    case 'undone':
    case 'undo-failed':
      return `${record.type} ${record.operation}`
    default:
      return record satisfies never
  }
}
