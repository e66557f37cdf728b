/** The parts of an image reference, as Docker reads them. */
export interface ImageReference {
  /** `docker.io` when none is written. */
  readonly registry: string
  /** As written, without tag and digest: what the engine wants in `fromImage`. */
  readonly name: string
  /** A digest wins over a tag; `latest` when there is neither (the engine would pull every tag). */
  readonly tagOrDigest: string
}

/** Reads `[registry/]name[:tag][@digest]`. */
export function parseReference(reference: string): ImageReference {
  const [tagged = '', digest] = reference.split('@', 2)
  const colon = tagged.lastIndexOf(':')
  const hasTag = colon > tagged.lastIndexOf('/')
  const name = hasTag ? tagged.slice(0, colon) : tagged
  const tag = hasTag ? tagged.slice(colon + 1) : 'latest'
  const [first = ''] = name.split('/', 1)
  const isRegistry = name.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  return { registry: isRegistry ? first : 'docker.io', name, tagOrDigest: digest ?? tag }
}
