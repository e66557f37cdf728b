import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DdalabError } from '../errors.ts'
import {
  isMissing,
  keepAside,
  putBack,
  readBytesIfExists,
  removeTemporaries,
  syncDirectory,
  writeError,
  writeFileAtomic,
} from '../files.ts'

/** Where the parts of an update lie: beside the program, on the same file system, so that a rename does it. */
export interface SwapPaths {
  readonly program: string
  readonly directory: string
  readonly lease: string
  /** A new program that is being tried. */
  readonly next: string
  /** The program that is being replaced. */
  readonly kept: string
  /** What `--rollback` goes back to. */
  readonly previous: string
}

export function swapPaths(program: string): SwapPaths {
  const directory = join(dirname(program), '.ddalab-self-update')
  // Windows runs files by their names.
  const file = (name: string) => join(directory, program.endsWith('.exe') ? `${name}.exe` : name)
  const lease = join(directory, 'lease')
  return { program, directory, lease, next: file('next'), kept: file('kept'), previous: file('previous') }
}

/** Errors: FILE_NOT_WRITABLE. */
export async function makeDirectory({ directory, program }: SwapPaths): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
  } catch (thrown) {
    throw asReplacing(program, writeError(thrown, directory))
  }
}

/** Puts in order what an update left that was killed. Only under the lease. */
export async function settle(paths: SwapPaths): Promise<void> {
  const { program, next, kept, previous } = paths
  try {
    await removeTemporaries(next)
    await rm(next, { force: true })
    await removeTemporaries(kept)
    if (!(await exists(kept))) return
    // Whether it was killed before the program was replaced, or after.
    if (await isSame(kept, program)) await rm(kept, { force: true })
    else await putBack(kept, previous)
  } catch (thrown) {
    throw asReplacing(program, writeError(thrown, kept))
  }
}

/** Writes a new program beside the present one, with its owner and mode. Errors: DISK_FULL, FILE_NOT_WRITABLE. */
export async function stage({ next, program }: SwapPaths, content: Uint8Array): Promise<void> {
  try {
    await writeFileAtomic(next, content, { like: program })
  } catch (thrown) {
    throw asReplacing(program, writeError(thrown, next))
  }
}

/** Removes a new program that did not take the place of the present one. */
export function discard({ next }: SwapPaths): Promise<void> {
  return rm(next, { force: true })
}

export function hasPrevious({ previous }: SwapPaths): Promise<boolean> {
  return exists(previous)
}

/**
 * Puts `replacement` (`next` or `previous`) in the place of the program, which becomes the previous one. By renames only: at
 * every moment the program is the old one or the new one. Only Windows, where a program that runs can be renamed and not
 * replaced, has a moment in between; a failure there puts the old one back.
 */
export async function swap(paths: SwapPaths, replacement: string, platform: NodeJS.Platform): Promise<void> {
  const { program, kept, previous, directory } = paths
  try {
    if (platform === 'win32') {
      await rename(program, kept)
      await rename(replacement, program).catch(async (thrown) => {
        await rename(kept, program)
        throw thrown
      })
    } else {
      await keepAside(program, kept)
      await rename(replacement, program)
      await syncDirectory(dirname(program))
    }
    await putBack(kept, previous)
    await syncDirectory(directory)
  } catch (thrown) {
    throw asReplacing(program, writeError(thrown, program))
  }
}

function asReplacing(program: string, { code, message, options }: DdalabError): DdalabError {
  if (code !== 'FILE_NOT_WRITABLE') return new DdalabError(code, message, options)
  return new DdalabError(code, `${basename(program)} cannot be replaced: ${message}`, {
    ...options,
    hint: `Run it as the owner of ${dirname(program)} (with sudo, where that is root), or install it in a directory of yours.`,
  })
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (thrown) {
    if (isMissing(thrown)) return false
    throw thrown
  }
}

/** One file under two names; where the file system has no hard links, a copy. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one, { bigint: true }), stat(other, { bigint: true })])
  if (a.dev === b.dev && a.ino === b.ino) return true
  if (a.size !== b.size) return false
  const [first, second] = await Promise.all([readBytesIfExists(one), readBytesIfExists(other)])
  return first !== undefined && second !== undefined && Buffer.compare(first, second) === 0
}
