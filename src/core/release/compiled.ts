import type { EnvironmentName } from '../config/environments.ts'
import type { Stack } from '../stack/model.ts'
import type { ServiceHashes } from '../stack/spec-hash.ts'

/** Of the stacks that are kept. To be raised when what an earlier program has kept would be read wrongly. */
export const STACK_FORMAT = 1

/**
 * The stack of a release as it was compiled, with everything it was compiled from. While none of that has changed, a
 * command takes the stack from here: compiling it again costs as much as all the rest of a deploy that has nothing to do.
 * A rollback takes it from here as well, whatever has changed since.
 * It holds secrets, like the `.env` beside it, and has the same mode.
 */
export interface CompiledStack {
  readonly format: number
  /** The program that compiled it: another one may compile the same files to something else. */
  readonly build: string
  /** The environment that it is for, and the one that the config is for when nobody says another one. */
  readonly environment: EnvironmentName
  readonly ownEnvironment: EnvironmentName
  /** SHA-256 of every file that was read, by absolute path; null for one that was looked for and not there. */
  readonly sources: { readonly [path: string]: string | null }
  /** The same texts themselves: to compare them is faster than to load what hashes. An earlier program kept none. */
  readonly texts?: { readonly [path: string]: string | null }
  /** ISO 8601; from then on a certificate in it has to be looked at again. */
  readonly goodUntil: string
  /** How many earlier releases the config wants to be able to go back to. */
  readonly keep: number
  /** How many backups of data it wants to keep; undefined: the default. */
  readonly keepBackups?: number
  readonly stack: Stack
  /** Of the services of the stack, for the same reason. */
  readonly hashes?: ServiceHashes
  readonly warnings: readonly string[]
}

/**
 * Whether a compiled stack may be used by this program, now, with these texts of its sources, for the environment that
 * is asked for (undefined: the config's own). Pure.
 */
export function isCurrent(
  compiled: CompiledStack,
  build: string,
  now: Date,
  texts: { readonly [path: string]: string | null },
  asked: EnvironmentName | undefined,
): boolean {
  if (compiled.texts === undefined || compiled.build !== build || now.toISOString() >= compiled.goodUntil) return false
  if (compiled.environment !== (asked ?? compiled.ownEnvironment)) return false
  return Object.entries(compiled.texts).every(([path, text]) => texts[path] === text)
}

/** A compiled stack from its file; undefined when it cannot be read or another program wrote it in another format. Pure. */
export function readCompiled(text: string): CompiledStack | undefined {
  try {
    const compiled: CompiledStack | null = JSON.parse(text)
    return compiled?.format === STACK_FORMAT ? compiled : undefined
  } catch {
    return undefined
  }
}
