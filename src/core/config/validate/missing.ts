import type { Finding } from '../finding.ts'
import { getPath, parsePath } from '../path.ts'
import type { Config } from '../schema.ts'
import { at } from './rule.ts'

/** A finding for each path that has no value. `why` goes on from "it". */
export function missing(config: Config, paths: readonly string[], why: string): readonly Finding[] {
  return paths
    .filter((path) => getPath(config, parsePath(path)) === undefined)
    .map((path) => at(path, `is missing; it ${why}`, `Set ${path}.`))
}
