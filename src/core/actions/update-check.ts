import { isNewer } from '../config/index.ts'
import { DdalabError } from '../errors.ts'
import { registryLogin } from '../providers/docker/registry-login.ts'
import {
  type Candidate,
  type Channel,
  chooseOffer,
  imageArchitecture,
  isIrreversible,
  loadManifest,
  manifestSource,
  type OfferedImage,
  openRegistry,
  type Registry,
  type ReleaseFacts,
  type ReleaseSource,
  type Repository,
  registrySource,
  verifyImages,
  type Web,
} from '../release/channel/index.ts'
import { familiarReference } from '../stack/reference.ts'
import { type UpdateFacts, updateFacts } from './update/facts.ts'
import { writeLastCheck } from './update/last-check.ts'
import { throughProxy } from './update/proxy.ts'
import type { Target, World } from './world.ts'

export interface CheckOptions {
  /** The version that a person has named: on any channel, but never an older one. */
  readonly version?: string | undefined
}

/** A release that can be installed. All of it is verified. */
export interface UpdateOffer extends ReleaseFacts {
  readonly version: string
  /** The version that it is offered over; null when nobody can tell. */
  readonly current: string | null
  readonly source: UpdateCheck['source']
  /** The images to run, by service, each pinned to what was verified. */
  readonly images: { readonly [service: string]: OfferedImage }
}

export interface UpdateCheck {
  /** ISO 8601. */
  readonly checkedAt: string
  readonly current: {
    /** Null where a tag that moves was deployed, and no version has its digest. */
    readonly version: string | null
    readonly reference: string
    readonly digest: string | null
    /** Id of the release that runs it; null before the first deploy. */
    readonly release: string | null
  }
  /** A repository, or the address or path of a manifest. */
  readonly source: { readonly kind: 'registry' | 'manifest'; readonly name: string }
  readonly channel: Channel
  /** Null: there is nothing to install. */
  readonly offer: UpdateOffer | null
  /** All that the channel has over the current version, newest first. */
  readonly newer: readonly (ReleaseFacts & { readonly version: string })[]
}

/**
 * Looks for an update: in the release manifest where the config names one, else among the tags of the main image's registry.
 * Changes nothing but the note of the last check. What does not verify is an error and no offer.
 *
 * Errors: those of `updateFacts`; REGISTRY_*, IMAGE_NOT_FOUND, MANIFEST_*, DIGEST_MISMATCH, SIGNATURE_*; for a named version
 * VERSION_NOT_FOUND, UPDATE_DOWNGRADE, UPDATE_OUT_OF_ORDER, PROGRAM_TOO_OLD.
 */
export async function checkForUpdate(
  world: World,
  target: Target,
  { version }: CheckOptions = {},
): Promise<UpdateCheck> {
  const facts = await updateFacts(world, target)
  return throughProxy(world, () => check(world, facts, version))
}

async function check(world: World, facts: UpdateFacts, version: string | undefined): Promise<UpdateCheck> {
  const web: Web = { fetch: globalThis.fetch, signal: world.signal }
  const open = registries(world, web)
  const source = await openSource(facts, web, open)
  const running = await source.identify(facts.current)
  const channel = facts.updates.channel ?? 'stable'
  const knowsConfig = (config: string) => !isNewer(config)
  const wish = { channel, current: running, knowsConfig, named: version }
  const { offer, newer } = chooseOffer(source.candidates, wish)
  const { reference, digest, release } = facts.current
  const found: UpdateCheck = {
    checkedAt: world.now().toISOString(),
    current: {
      // A moving tag of which only the beginning is known is no version.
      version: running !== undefined && 'tag' in running ? running.version : null,
      reference: familiarReference(reference),
      digest: digest ?? null,
      release: release?.id ?? null,
    },
    source: { kind: source.kind, name: source.name },
    channel,
    offer: null,
    newer: newer.map(told),
  }
  const irreversible = offer !== null && isIrreversible(offer, { newer, channel })
  const answer = offer === null ? found : { ...found, offer: { ...(await verified(offer)), irreversible } }
  if (version === undefined) await writeLastCheck(facts.paths, answer)
  return answer

  async function verified(chosen: Candidate): Promise<UpdateOffer> {
    const images = await source.images(chosen)
    const key = facts.updates.cosignKey
    if (key !== undefined) await verifyImages(images, key, open)
    return { ...told(chosen), current: found.current.version, source: found.source, images }
  }
}

function told({ version, notes, mandatory, irreversible, minimumConfig }: Candidate) {
  return { version, notes, mandatory, irreversible, minimumConfig }
}

async function openSource(
  { updates, directory, main, current }: UpdateFacts,
  web: Web,
  open: (repository: Repository) => Promise<Registry>,
): Promise<ReleaseSource> {
  const { manifest, manifestKey } = updates
  if (manifest === undefined) {
    const architecture = imageArchitecture(process.arch)
    return registrySource(await open(current.reference), { service: main, reference: current.reference, architecture })
  }
  if (manifestKey === undefined) {
    throw new DdalabError('SIGNATURE_MISSING', 'updates.manifest is set, and updates.manifestKey is not', {
      hint: 'Set it to the minisign key of whoever publishes the manifest: without it nothing in it can be trusted.',
    })
  }
  return manifestSource(manifest, await loadManifest({ place: manifest, directory, key: manifestKey }, web), main)
}

/** Opens repositories with what the Docker tools know of their registries; that stays hidden from now on. */
function registries(world: World, web: Web): (repository: Repository) => Promise<Registry> {
  const { dockerConfigDir, platform } = world.environment
  return async (repository) => {
    const login = await registryLogin(repository.registry, { dockerConfigDir, platform })
    if (login !== undefined) world.hide([login.kind === 'password' ? login.password : login.token])
    return openRegistry(repository, login, web)
  }
}
