import { type DockerProvider, type ImageToFetch, type Observation, planDownload } from '../providers/docker/index.ts'
import { familiarReference, parseReference } from '../stack/reference.ts'
import { openOnEngine } from './open.ts'
import { carryOut } from './run.ts'
import { type CheckOptions, checkForUpdate, type UpdateCheck, type UpdateOffer } from './update-check.ts'
import type { Target, World } from './world.ts'

export interface DownloadReport {
  readonly outcome: 'no update' | 'there already' | 'downloaded'
  readonly check: UpdateCheck
  /** References of the images that were fetched now. */
  readonly fetched: readonly string[]
}

/**
 * Fetches the images of the update, each by the digest that was verified, so that installing it later needs no registry.
 * Nothing that runs is touched. Layers that are there are not fetched again: a download that broke off goes on where it was.
 *
 * Errors: those of `checkForUpdate`, of `openOnEngine`, LOCKED, and the pull's (exit 5; nothing but a cache was written).
 */
export async function downloadUpdate(
  world: World,
  target: Target,
  options: CheckOptions = {},
): Promise<DownloadReport> {
  const check = await checkForUpdate(world, target, options)
  const { offer } = check
  if (offer === null) return { outcome: 'no update', check, fetched: [] }
  const { open, provider } = await openOnEngine(world, target)
  try {
    const plan = async (observation: Observation) =>
      planDownload(open.stack, observation, await missing(provider, offer))
    const { report } = await carryOut(world, open, provider, plan, {})
    const fetched = report.plan.operations.map(({ input }) => String(input.reference))
    return { outcome: fetched.length === 0 ? 'there already' : 'downloaded', check, fetched }
  } finally {
    await provider.close()
  }
}

/** The images of an offer that the engine does not have as a whole. */
async function missing({ engine }: DockerProvider, { version, images }: UpdateOffer): Promise<readonly ImageToFetch[]> {
  const all = Object.entries(images).map(async ([service, { reference, digest }]) => {
    const { registry, repository } = parseReference(reference) ?? {}
    if (registry === undefined || repository === undefined) return []
    // By repository and digest alone: a tag beside them means nothing to an engine.
    const found = await engine.images.inspect(familiarReference({ registry, repository, digest }))
    return found === undefined ? [{ service, reference, cause: `update to ${version}` }] : []
  })
  return (await Promise.all(all)).flat()
}
