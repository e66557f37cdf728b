import type { Place, Problem } from '../errors.ts'
import type { Path } from './path.ts'

/** As many as a person reads at once; it also bounds the work on a hostile file. */
export const MOST_PROBLEMS = 50

/** Something wrong at a path of the config, before it is known where in which file that is. */
export interface Finding {
  readonly path: Path
  readonly part: 'key' | 'value'
  readonly message: string
  readonly hint: string
}

/** Where the key or the value at a path lies; of a path that is not there, its nearest ancestor. */
export type Locate = (path: Path, part?: 'key' | 'value') => Place

export function problemOf(finding: Finding, locate: Locate): Problem {
  const { path, part, message, hint } = finding
  return { code: 'CONFIG_INVALID', message, hint, place: locate(path, part) }
}
