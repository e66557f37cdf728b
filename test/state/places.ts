import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Mounting a disk of a given size, and being denied anything, both need root; the names of those tests say so. */
export const isRoot = process.getuid?.() === 0

/** A directory that goes away with the test. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ddalab-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A disk of that many kilobytes, mounted for the time of the test. */
export function newDisk(kilobytes: number): string {
  const directory = newDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', directory])
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]))
  return directory
}

/** Takes all the space that is left in a directory's disk; answers how to give it back. */
export function fill(directory: string): () => void {
  const filler = join(directory, 'filler')
  try {
    for (;;) appendFileSync(filler, 'x'.repeat(4096))
  } catch {
    return () => rmSync(filler)
  }
}

/** Does the work as a user who owns nothing. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.setegid?.(65534)
  process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
