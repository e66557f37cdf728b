import { setTimeout } from 'node:timers/promises'
import { expect, vi } from 'vitest'

/** A writer that keeps book of every row that the app has acknowledged. */
export interface Ledger {
  /** No more rows. */
  close(): Promise<void>
  /** How many rows were acknowledged, and which of them the app does not have, or has twice. */
  compare(): Promise<{
    readonly acknowledged: number
    readonly lost: readonly string[]
    readonly twice: readonly string[]
  }>
}

/** ms between two rows. */
const PAUSE = 50

/** Writes rows through the way that users take, one after the other, whatever becomes of them. */
export function openLedger(url: string): Ledger {
  const book: string[] = []
  let isOpen = true
  const writing = (async () => {
    for (let number = 1; isOpen; number += 1) {
      const row = `row-${number}`
      if ((await ask(`${url}?${row}`, 'POST')) === 'kept\n') book.push(row)
      await setTimeout(PAUSE)
    }
  })()
  return {
    async close() {
      isOpen = false
      await writing
    },
    async compare() {
      const all = await vi.waitFor(async () => {
        const text = await ask(url)
        expect(text).toBeDefined()
        return text
      }, 30_000)
      const rows = all?.split('\n') ?? []
      const counts = new Map<string, number>()
      for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1)
      return {
        acknowledged: book.length,
        lost: book.filter((row) => !counts.has(row)),
        twice: book.filter((row) => (counts.get(row) ?? 0) > 1),
      }
    },
  }
}

/** The text of a good answer; undefined when there is none: the store is away while it is replaced. */
async function ask(url: string, method = 'GET'): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(15_000), headers: { connection: 'close' } })
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}
