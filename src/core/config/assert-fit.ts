import { problemsError } from '../errors.ts'
import { problemOf } from './finding.ts'
import { writtenAt } from './overlay.ts'
import type { ConfigFile } from './parse.ts'
import type { ResolvedConfig } from './resolve.ts'
import { crossFieldErrors } from './validate/index.ts'

/**
 * Judges what holds, defaults included, by the rules over several fields: a file is read for its own environment and those
 * with an overlay, and can be asked for another one. Error: CONFIG_INVALID with all problems and their places.
 */
export function assertFit(
  { file, config: written, locate }: ConfigFile,
  { config, environment }: ResolvedConfig,
): void {
  const [first, ...rest] = crossFieldErrors(config).map((finding) =>
    problemOf({ ...finding, path: writtenAt(written, environment, finding.path) }, locate),
  )
  if (first !== undefined) throw problemsError([first, ...rest], `${file} is not a valid config for ${environment}`)
}
