import {
  DEFAULT_ENVIRONMENT,
  type Edit,
  type EnvironmentName,
  formatPath,
  getPath,
  type Path,
} from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'

/** What says which template and which environment it is cannot depend on the environment. */
const EVERYWHERE = ['version', 'template', 'environment']

/** A setting that cannot depend on the environment. */
export function holdsEverywhere([section]: Path): boolean {
  return EVERYWHERE.includes(String(section))
}

/**
 * Where a setting is written: with an environment, in what holds there only (`environments.NAME`). A path that names an
 * overlay itself stays. Errors: USAGE for what cannot depend on the environment.
 */
export function inLayer(path: Path, environment: EnvironmentName | undefined): Path {
  const [section] = path
  if (environment === undefined || section === 'environments') return path
  if (holdsEverywhere(path)) {
    throw new DdalabError('USAGE', `${formatPath(path)} holds in all environments`, {
      hint: 'Leave --environment (or DDALAB_ENVIRONMENT) out.',
    })
  }
  return ['environments', environment, ...path]
}

/** Warnings for settings that have no effect now: what the file says for its own environment only comes before them. */
export function hiddenBy(data: unknown, edits: readonly Edit[]): readonly string[] {
  const own = String(getPath(data, ['environment']) ?? DEFAULT_ENVIRONMENT)
  return edits.flatMap(({ path, value }) => {
    const over: Path = ['environments', own, ...path]
    if (value === undefined || path[0] === 'environments' || getPath(data, over) === undefined) return []
    return [`${formatPath(over)} comes before ${formatPath(path)}; change that with --environment ${own}`]
  })
}
