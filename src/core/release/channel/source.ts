import { DdalabError } from '../../errors.ts'
import { canonicalReference, familiarReference, type ImageReference, parseReference } from '../../stack/reference.ts'
import { verifyImage } from './cosign.ts'
import type { Candidate } from './offer.ts'
import type { Registry, Repository } from './registry.ts'
import { downloadSize, forPlatform, type ImageManifest } from './registry-manifest.ts'
import type { ManifestRelease } from './release-manifest.ts'
import { readVersion, readVersions, type Version } from './versions.ts'

/** An image of an offer. Its reference carries its digest: what was verified is what runs (rule 16). */
export interface OfferedImage {
  /** `registry.example.org/app:1.4.2@sha256:...` */
  readonly reference: string
  /** Of the index, where there is one: independent of the platform (rule 19). */
  readonly digest: string
  /** Bytes to fetch for somebody who has nothing of it; null where nobody says. */
  readonly size: number | null
}

export interface OfferedImages {
  readonly [service: string]: OfferedImage
}

/** What runs, or what the config asks for where nothing was deployed yet. */
export interface CurrentImage {
  readonly reference: ImageReference
  /** Undefined for an image that no registry knows, and for one that was never deployed. */
  readonly digest: string | undefined
}

/** Where releases come from. */
export interface ReleaseSource {
  readonly kind: 'registry' | 'manifest'
  /** A repository, an address, or a path. */
  readonly name: string
  readonly candidates: readonly Candidate[]
  /** The version that an image is; undefined when nobody can tell. */
  identify(current: CurrentImage): Promise<Pick<Version, 'version' | 'variant'> | undefined>
  /** The images of one of the candidates. Errors: those of the registry. */
  images(candidate: Candidate): Promise<OfferedImages>
}

export interface RegistryPlace {
  /** The service that runs the image. */
  readonly service: string
  readonly reference: ImageReference
  /** `amd64`: whose size is told. */
  readonly architecture: string
}

/** How many versions are compared with what runs, to find out what `latest` was. */
const MOST_COMPARED = 20
/** Above every patch that anybody numbers. */
const ANY_PATCH = 999_999_999

/** The tags of the repository of the main image. */
export async function registrySource(
  registry: Registry,
  { service, reference, architecture }: RegistryPlace,
): Promise<ReleaseSource> {
  const versions = readVersions(await registry.tags(), reference.tag)
  const candidates = versions.map((version) => ({ ...version, ...UNTOLD }))
  return {
    kind: 'registry',
    name: registry.name,
    candidates,
    identify: (current) => identifyByTag(registry, versions, current),
    async images({ tag }) {
      const manifest = await registry.manifest(tag)
      if (manifest === undefined) {
        throw new DdalabError('IMAGE_NOT_FOUND', `${registry.name} lists the tag ${tag}, and has no image there`, {
          hint: 'It may have been removed just now: try again, or name another version.',
        })
      }
      const { registry: host, repository } = reference
      const size = await sizeOf(registry, manifest, architecture)
      const pinned = familiarReference({ registry: host, repository, tag, digest: manifest.digest })
      return { [service]: { reference: pinned, digest: manifest.digest, size } }
    },
  }
}

const UNTOLD = { notes: null, mandatory: false, irreversible: false, minimumConfig: null }

/** A tag that moves (`latest`, `1.2`) says nothing of what was pulled: that is the version with the same digest. */
async function identifyByTag(registry: Registry, versions: readonly Version[], { reference, digest }: CurrentImage) {
  const { tag = '' } = reference
  const own = readVersion(tag) ?? versions.find((version) => version.tag === tag)
  if (own !== undefined) return own
  if (digest !== undefined) {
    const newest = versions.slice(0, MOST_COMPARED)
    const digests = await Promise.all(newest.map((version) => registry.digest(version.tag)))
    const same = newest.find((_, index) => digests[index] === digest)
    if (same !== undefined) return same
  }
  const minor = /^v?(\d+)\.(\d+)$/.exec(tag)
  return minor === null ? undefined : { version: `${minor[1]}.${minor[2]}.${ANY_PATCH}`, variant: '' }
}

async function sizeOf(registry: Registry, manifest: ImageManifest, architecture: string): Promise<number | null> {
  const own = manifest.manifests && forPlatform(manifest, architecture)
  return downloadSize((own && (await registry.manifest(own.digest))) ?? manifest)
}

/** The releases of a verified manifest. */
export function manifestSource(name: string, releases: readonly ManifestRelease[], service: string): ReleaseSource {
  const candidates = releases.flatMap(({ version, notes, mandatory, irreversible, config }) => {
    const read = readVersion(version)
    const facts = { notes: notes ?? null, mandatory, irreversible, minimumConfig: config ?? null }
    return read === undefined ? [] : [{ ...read, ...facts }]
  })
  return {
    kind: 'manifest',
    name,
    candidates,
    async identify({ reference, digest }) {
      const same = releases.find(({ images }) => digest !== undefined && images[service]?.digest === digest)
      return readVersion(same?.version ?? reference.tag ?? '')
    },
    async images({ tag }) {
      const release = releases.find(({ version }) => version === tag)
      return Object.fromEntries(
        Object.entries(release?.images ?? {}).flatMap(([name, { reference, digest, size }]) => {
          const read = parseReference(reference)
          return read === undefined
            ? []
            : [[name, { reference: familiarReference({ ...read, digest }), digest, size: size ?? null }]]
        }),
      )
    },
  }
}

/** Checks the cosign signature on every image of an offer. Errors: SIGNATURE_*, those of the registries. */
export async function verifyImages(
  images: OfferedImages,
  key: string,
  open: (repository: Repository) => Promise<Registry>,
): Promise<void> {
  for (const { reference, digest } of Object.values(images)) {
    const read = parseReference(reference)
    if (read !== undefined) await verifyImage(await open(read), digest, key)
  }
}

/** Whether two references are of the same repository. */
export function isSameRepository(one: ImageReference, other: ImageReference): boolean {
  const name = ({ registry, repository }: ImageReference) => canonicalReference({ registry, repository })
  return name(one) === name(other)
}
