import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { systemCode } from '../errors.ts'
import { temporaryFor } from '../files.ts'
import type { InstancePlace } from './open.ts'

/** Where a run keeps the former contents of files. */
export const backupDir = ({ journal }: InstancePlace['paths']) => join(journal, 'backups')

/**
 * What runs that have ended left behind: the former contents of files, and what a process that was killed in mid-write left of
 * a file. Only for those who know that nobody writes now.
 */
export async function leftovers({ paths }: InstancePlace): Promise<readonly string[]> {
  const [runs, own, releases] = await Promise.all([
    namesIn(paths.journal),
    namesIn(paths.directory),
    namesIn(paths.releases),
  ])
  const ingress = own.includes(paths.ingress) ? await namesIn(paths.ingress, { recursive: true }) : []
  const isTemporary = (path: string) => temporaryFor(basename(path)) !== undefined
  return [...runs.filter((path) => path === backupDir(paths)), ...[...own, ...releases, ...ingress].filter(isTemporary)]
}

/** The paths of what is in a directory; none where it is absent. */
async function namesIn(directory: string, options: { readonly recursive?: boolean } = {}): Promise<readonly string[]> {
  const names = await readdir(directory, options).catch((error) => {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  })
  return names.map((name) => join(directory, name))
}
