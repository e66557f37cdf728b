import type { EnvironmentName } from '../config/environments.ts'
import type { Stack } from '../stack/model.ts'

/**
 * The stack of a release as it was compiled, with everything it was compiled from. While none of that has changed, a
 * command takes the stack from here: compiling it again costs as much as all the rest of a deploy that has nothing to do.
 * It holds secrets, like the `.env` beside it, and has the same mode.
 */
export interface CompiledStack {
  /** The program that compiled it: another one may compile the same files to something else. */
  readonly build: string
  /** The environment that it is for, and the one that the config is for when nobody says another one. */
  readonly environment: EnvironmentName
  readonly ownEnvironment: EnvironmentName
  /** SHA-256 of every file that was read, by absolute path; null for one that was looked for and not there. */
  readonly sources: { readonly [path: string]: string | null }
  /** ISO 8601; from then on a certificate in it has to be looked at again. */
  readonly goodUntil: string
  readonly stack: Stack
  readonly warnings: readonly string[]
}

/**
 * Whether a compiled stack may be used by this program, now, with these contents of its sources, for the environment that
 * is asked for (undefined: the config's own). Pure.
 */
export function isCurrent(
  compiled: CompiledStack,
  build: string,
  now: Date,
  sources: { readonly [path: string]: string | null },
  asked: EnvironmentName | undefined,
): boolean {
  if (compiled.build !== build || now.toISOString() >= compiled.goodUntil) return false
  if (compiled.environment !== (asked ?? compiled.ownEnvironment)) return false
  return Object.entries(compiled.sources).every(([path, hash]) => sources[path] === hash)
}
