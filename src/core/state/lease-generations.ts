import { mkdir, rm, stat, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { createFileAtomic, namesIn, readFileIfExists, temporaryFor, writeError, writeFileAtomic } from '../files.ts'
import type { LeaseHolder } from '../kernel/index.ts'

/** The highest generation, as found on disk. `unreadable`: just being written, or left half-written by a crash. */
export type Generation =
  | { readonly state: 'free'; readonly number: number }
  | { readonly state: 'held'; readonly number: number; readonly holder: LeaseHolder }
  | { readonly state: 'unreadable'; readonly number: number; readonly writtenAtMs: number }

/**
 * The generations of a lease as files `000042.json`, of which the highest counts. To take the lease is to create the next
 * one, exclusively: of two who try at once exactly one wins, and nobody ever removes or overwrites a file that may be
 * another's. A released generation stays as a tombstone until the next one is taken, so that numbers never go back.
 */
export interface LeaseGenerations {
  latest(): Promise<Generation>
  /** False when another was faster. */
  claim(number: number, holder: LeaseHolder): Promise<boolean>
  /** Only for the one who claimed it. */
  renew(number: number, holder: LeaseHolder): Promise<void>
  /** Only for the one who claimed it. */
  release(number: number): Promise<void>
}

const RELEASED = '{"released":true}\n'

export function createLeaseGenerations(directory: string): LeaseGenerations {
  const pathOf = (number: number): string => join(directory, `${String(number).padStart(6, '0')}.json`)

  const numbers = async (): Promise<number[]> => {
    const names = await namesIn(directory)
    return names.filter((name) => /^\d{6,}\.json$/.test(name)).map((name) => Number.parseInt(name, 10))
  }

  /** Of those who were killed while they took it. One who is about to loses nothing: another was faster. */
  const removeLeft = async (): Promise<void> => {
    const left = (await namesIn(directory)).filter((name) => temporaryFor(name) !== undefined)
    for (const name of left) await rm(join(directory, name), { force: true })
  }

  const latest: LeaseGenerations['latest'] = async () => {
    const number = Math.max(0, ...(await numbers()))
    const text = number === 0 ? undefined : await readFileIfExists(pathOf(number))
    // A file that is gone by now was superseded; whoever claims the number after it finds out.
    if (text === undefined || text === RELEASED) return { state: 'free', number }
    const holder = parseHolder(text)
    if (holder !== undefined) return { state: 'held', number, holder }
    const writtenAtMs = await stat(pathOf(number)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    return { state: 'unreadable', number, writtenAtMs }
  }

  const claim: LeaseGenerations['claim'] = async (number, holder) => {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      // Whole at once: of one that is killed meanwhile nothing is found that looks like a lease.
      const isMade = await createFileAtomic(pathOf(number), formatHolder(holder), { mode: 0o600, sync: false })
      if (!isMade) return false
      const all = await numbers()
      const superseded = all.some((other) => other > number)
      const obsolete = all.filter((other) => (superseded ? other === number : other < number))
      for (const other of obsolete) await rm(pathOf(other), { force: true })
      await removeLeft()
      return !superseded
    } catch (thrown) {
      throw writeError(thrown, directory)
    }
  }

  return {
    latest,
    claim,
    renew: (number, holder) => writeFileAtomic(pathOf(number), formatHolder(holder)),
    release: async (number) => {
      try {
        await writeFileAtomic(pathOf(number), RELEASED)
      } catch {
        // On a full disk: an empty file needs no space. Of old age it is not taken for one that is just being written.
        await truncate(pathOf(number))
          .then(() => utimes(pathOf(number), 0, 0))
          .catch(() => undefined)
      }
    },
  }
}

function formatHolder(holder: LeaseHolder): string {
  return `${JSON.stringify(holder)}\n`
}

function parseHolder(text: string): LeaseHolder | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isHolder(value) ? value : undefined
  } catch {
    return undefined
  }
}

const TEXTS = ['token', 'owner', 'host', 'command', 'startedAt', 'heartbeatAt']

function isHolder(value: unknown): value is LeaseHolder {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return typeof fields.get('pid') === 'number' && TEXTS.every((field) => typeof fields.get(field) === 'string')
}
