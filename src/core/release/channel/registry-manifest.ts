import * as z from 'zod'

const DIGEST = /^sha256:[0-9a-f]{64}$/

const descriptorShape = z.object({
  mediaType: z.string(),
  digest: z.string().regex(DIGEST),
  size: z.int().min(0),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).nullish(),
})

/** What an index or an image says of a content. */
export type Descriptor = z.output<typeof descriptorShape>

const bodyShape = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptorShape.optional(),
  layers: z.array(descriptorShape).optional(),
  manifests: z.array(descriptorShape).optional(),
})

/** An image, or an index of images for several platforms, under the digest of its content. */
export interface ImageManifest {
  readonly digest: string
  readonly mediaType: string
  readonly artifactType?: string | undefined
  readonly config?: Descriptor | undefined
  /** Of an image. */
  readonly layers?: readonly Descriptor[] | undefined
  /** Of an index. */
  readonly manifests?: readonly Descriptor[] | undefined
}

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const
const IMAGES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const
/** What is asked for: an index before an image, as the engine does. */
export const MANIFEST_TYPES: readonly string[] = [...INDEXES, ...IMAGES]

/** A manifest from its bytes; a text says why it is none. */
export function readManifest(digest: string, mediaType: string, body: Uint8Array): ImageManifest | string {
  if (!MANIFEST_TYPES.includes(mediaType)) return `its type is ${JSON.stringify(mediaType.slice(0, 100))}`
  const parsed = bodyShape.safeParse(jsonOf(body))
  if (!parsed.success) return 'its content is of another form'
  const { data } = parsed
  const isIndex = INDEXES.some((type) => type === mediaType)
  // CVE-2021-41190: a content that can be read as two things is neither.
  if ((data.mediaType ?? mediaType) !== mediaType) return 'it says of itself that it is something else'
  if (isIndex ? data.layers !== undefined || data.config !== undefined : data.manifests !== undefined)
    return 'it can be read in two ways'
  if ((isIndex ? data.manifests : data.layers) === undefined) return 'it is empty'
  const { artifactType, config, layers, manifests } = data
  return { digest, mediaType, artifactType, config, layers, manifests }
}

/** A processor as images name it: `amd64`, `arm64`. */
export function imageArchitecture(processor: string): string {
  return { x64: 'amd64', ia32: '386' }[processor] ?? processor
}

/** The image for a platform in an index; what has no platform (attestations, rule 19) is none. */
export function forPlatform({ manifests = [] }: ImageManifest, architecture: string): Descriptor | undefined {
  return manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture)
}

/** Bytes to fetch for an image that has nothing here yet; null for an index. */
export function downloadSize({ config, layers }: ImageManifest): number | null {
  if (layers === undefined) return null
  return layers.reduce((sum, { size }) => sum + size, config?.size ?? 0)
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}
