import { dirname } from 'node:path'
import { type Config, DEFAULT_TEMPLATE, loadConfig, resolveConfig } from '../../config/index.ts'
import { DdalabError } from '../../errors.ts'
import { type Release, releaseStore } from '../../release/index.ts'
import { type ImageReference, parseReference } from '../../stack/reference.ts'
import { findTemplate } from '../find-template.ts'
import { type InstancePlace, locateInstance, noInstance } from '../open.ts'
import type { Target, World } from '../world.ts'

/** What an update is decided on: the config (its secrets closed), the newest release, the main service. */
export interface UpdateFacts extends InstancePlace {
  readonly updates: NonNullable<Config['updates']>
  /** Where relative paths of the config start. */
  readonly directory: string
  /** The service whose image's version is the system's. */
  readonly main: string
  readonly release: Release | undefined
  readonly current: {
    readonly reference: ImageReference
    /** `sha256:...`; undefined for an image that no registry knows, and before the first deploy. */
    readonly digest: string | undefined
    /** The release that runs it; undefined where only the config says so. */
    readonly release: Release | undefined
  }
}

/** Errors: INSTANCE_NOT_FOUND, CONFIG_*, TEMPLATE_*, FILE_NOT_READABLE, PRECONDITION_FAILED where no image is named. */
export async function updateFacts(world: World, target: Target): Promise<UpdateFacts> {
  const place = locateInstance(world, target)
  const { document } = await loadConfig(place.paths.config).catch((thrown) => {
    throw noInstance(thrown, place, target)
  })
  const template = await findTemplate(world, document.config.template ?? DEFAULT_TEMPLATE)
  const { config } = resolveConfig(document.config, template.defaults, target.environment)
  const release = await releaseStore(place.paths.releases).newest()
  const wanted = config.images?.[template.main] ?? config.docker?.image
  return {
    ...place,
    updates: config.updates ?? {},
    directory: dirname(place.paths.config),
    main: template.main,
    release,
    current: currentImage(template.main, release, wanted),
  }
}

/** What runs, as long as the config means the same repository; another one there is another product. */
function currentImage(main: string, release: Release | undefined, wanted: string | undefined): UpdateFacts['current'] {
  const released = release?.images[main]
  const ran = parseReference(released?.reference ?? '')
  const asked = parseReference(wanted ?? '')
  if (ran !== undefined && (asked === undefined || isSame(ran, asked))) {
    return { reference: ran, digest: released?.digest?.split('@')[1], release }
  }
  if (asked !== undefined) return { reference: asked, digest: asked.digest, release: undefined }
  throw new DdalabError('PRECONDITION_FAILED', `Nothing says which image the service ${main} has`, {
    hint: 'Set docker.image, or deploy once.',
  })
}

function isSame(one: ImageReference, other: ImageReference): boolean {
  return one.registry === other.registry && one.repository === other.repository
}
