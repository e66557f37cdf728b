import { isAbsolute, join, posix, win32 } from 'node:path'

/** Where the paths of a Compose file start. */
export interface Base {
  /** Directory of the project, absolute. */
  readonly workingDir: string
  /** The user's home directory, for `~`; where it is not known such a path stays as it is. */
  readonly home: string | undefined
}

/** True for what a short volume takes as a path of the host, not as the name of a volume. */
export function looksLikePath(source: string): boolean {
  return /^(?:[./~]|[A-Za-z]:[\\/]|\\\\)/.test(source)
}

/** An absolute path of the host; paths of the other system (a remote engine's) stay as they are. */
export function resolvePath(path: string, { workingDir, home }: Base): string {
  if (/^~(?:[\\/]|$)/.test(path)) return home === undefined ? path : join(home, path.slice(1))
  if (isAbsolute(path)) return path
  return posix.isAbsolute(path) || win32.isAbsolute(path) ? path : join(workingDir, path)
}
