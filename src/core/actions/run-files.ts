import { basename, join } from 'node:path'
import { namesIn, temporaryFor } from '../files.ts'
import type { InstancePlace } from './open.ts'

/** Where a run keeps the former contents of files. */
export const backupDir = ({ journal }: InstancePlace['paths']) => join(journal, 'backups')

/**
 * What runs that have ended left behind: the former contents of files, and what a process that was killed in mid-write left of
 * a file. Only for those who know that nobody writes now.
 */
export async function leftovers({ paths }: InstancePlace): Promise<readonly string[]> {
  const [runs, own, releases] = await Promise.all([
    pathsIn(paths.journal),
    pathsIn(paths.directory),
    pathsIn(paths.releases),
  ])
  const ingress = own.includes(paths.ingress) ? await pathsIn(paths.ingress, { recursive: true }) : []
  const isTemporary = (path: string) => temporaryFor(basename(path)) !== undefined
  return [...runs.filter((path) => path === backupDir(paths)), ...[...own, ...releases, ...ingress].filter(isTemporary)]
}

async function pathsIn(directory: string, options?: { readonly recursive: boolean }): Promise<readonly string[]> {
  return (await namesIn(directory, options)).map((name) => join(directory, name))
}
