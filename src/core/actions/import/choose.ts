import { DdalabError } from '../../errors.ts'
import type { World } from '../world.ts'
import { type Found, findAll, foundAt, nameOf } from './found.ts'
import type { Engine } from './read.ts'

export interface Choice {
  /** Folder or file, absolute; without it (and without a project) the usual places are searched. */
  readonly path?: string
  /** A Compose project by its name. */
  readonly project?: string
  readonly dryRun: boolean
  /** Asked about what was found without being named. */
  readonly confirm: (what: string) => Promise<boolean>
}

/** What is to be imported. Errors: IMPORT_NOT_FOUND, IMPORT_SEVERAL, CONFIRMATION_REQUIRED, INPUT_REQUIRED. */
export async function choose(world: World, options: Choice, engine: Engine | undefined): Promise<Found> {
  const { path, project } = options
  if (path !== undefined) return foundAt(path)
  if (project !== undefined) return { kind: 'project', name: project }
  const all = await findAll(world, engine?.projects ?? [])
  const [only, ...others] = all
  if (only === undefined) {
    throw new DdalabError('IMPORT_NOT_FOUND', 'No installation of DDALAB was found in the usual places', {
      hint: 'Name its folder: ddalab import PATH; or a running Compose project: ddalab import --project NAME.',
    })
  }
  if (others.length > 0) {
    throw new DdalabError('IMPORT_SEVERAL', `Several installations were found: ${all.map(nameOf).join(', ')}`, {
      hint: 'Name the one that you mean.',
      nextSteps: all.map((one) => `ddalab import ${nameOf(one)}`),
    })
  }
  if (!options.dryRun && !(await options.confirm(nameOf(only)))) {
    throw new DdalabError('CONFIRMATION_REQUIRED', 'Declined: nothing was written.')
  }
  return only
}
