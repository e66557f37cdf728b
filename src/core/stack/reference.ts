/**
 * Image references, by the grammar of the distribution project (`distribution/reference`).
 */
export interface ImageReference {
  /** Host of the registry, with its port when it has one: `docker.io`, `127.0.0.1:5000`. */
  readonly registry: string
  /** Path in the registry: `library/ubuntu`. */
  readonly repository: string
  /** Undefined when only a digest is given. */
  readonly tag?: string
  /** `sha256:...`. */
  readonly digest?: string
}

const HUB = 'docker.io'
const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const REPOSITORY = new RegExp(`^${PATH_PART}(?:/${PATH_PART})*$`)
const HOST_PART = '(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])'
const REGISTRY = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]+)?$`)
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** The parts of a reference with what is implied filled in (`ubuntu` is docker.io/library/ubuntu:latest); undefined when it is none. */
export function parseReference(text: string): ImageReference | undefined {
  const [rest = '', digest, ...more] = text.split('@')
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  const name = colon === -1 ? rest : rest.slice(0, colon)
  const tag = colon === -1 ? undefined : rest.slice(colon + 1)
  if (tag !== undefined && !TAG.test(tag)) return undefined
  // 64 hexadecimal digits are an image id, which a reference must not look like.
  if (name.length > 255 || /^[0-9a-f]{64}$/.test(name)) return undefined
  const { registry, repository } = splitName(name)
  if (!REGISTRY.test(registry) || !REPOSITORY.test(repository)) return undefined
  const effectiveTag = tag ?? (digest === undefined ? 'latest' : undefined)
  return {
    registry,
    repository,
    ...(effectiveTag !== undefined && { tag: effectiveTag }),
    ...(digest !== undefined && { digest }),
  }
}

/** The first part is a host when it has a dot or a port, is localhost, or has a capital letter. */
function splitName(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isHost = first === 'localhost' || /[.:[]/.test(first) || first !== first.toLowerCase()
  const [registry, repository] = isHost ? [first, name.slice(slash + 1)] : [HUB, name]
  if (registry !== HUB && registry !== 'index.docker.io') return { registry, repository }
  return { registry: HUB, repository: repository.includes('/') ? repository : `library/${repository}` }
}

/** The full form: `docker.io/library/ubuntu:latest`. */
export function canonicalReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** The form that the engine lists and people read: without the Hub's host and `library/`. */
export function familiarReference(reference: ImageReference): string {
  const full = canonicalReference(reference)
  return full.replace(/^docker\.io\/(?:library\/(?!.*\/))?/, '')
}
