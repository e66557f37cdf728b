import { createHash } from 'node:crypto'
import * as z from 'zod'
import { DdalabError } from '../../errors.ts'
import { isLoopback, type Reply, request, type Web, words } from './http.ts'
import { type Asking, authorization, type Login, readChallenge } from './login.ts'
import { type Descriptor, type ImageManifest, MANIFEST_TYPES, readManifest } from './registry-manifest.ts'

/** One repository of a registry. Everything that it gives was checked against its digest where it has one. */
export interface Registry {
  /** `registry.example.org/team/app`, for people. */
  readonly name: string
  /** All tags, page by page. */
  tags(): Promise<readonly string[]>
  /** What is at a tag or a digest; undefined when there is nothing. */
  manifest(tagOrDigest: string): Promise<ImageManifest | undefined>
  /** The digest that the registry says is at a tag, without a look at the content; undefined where it says none. */
  digest(tag: string): Promise<string | undefined>
  /** A small content of its own, such as a signature. */
  blob(descriptor: Descriptor): Promise<Uint8Array>
  /** What refers to a digest (signatures), by the API of OCI distribution 1.1 or, where that is missing, by its tag. */
  referrers(digest: string): Promise<readonly Descriptor[]>
}

export interface Repository {
  /** `docker.io`, `host[:port]`. */
  readonly registry: string
  readonly repository: string
}

const SMALL = 4 * 1024 * 1024
const LONG = 16 * 1024 * 1024
const MOST_PAGES = 1_000

interface Question {
  /** Bytes. */
  readonly limit: number
  readonly accept?: string
  readonly method?: 'HEAD'
}

const MANIFEST: Question = { limit: SMALL, accept: MANIFEST_TYPES.join(', ') }

/**
 * A repository through the registry HTTP API (https://github.com/opencontainers/distribution-spec). HTTPS, and plain HTTP for a
 * loopback address only. Errors of all calls: REGISTRY_UNREACHABLE, REGISTRY_DENIED, REGISTRY_INVALID, DIGEST_MISMATCH.
 */
export function openRegistry({ registry, repository }: Repository, login: Login | undefined, web: Web): Registry {
  const name = `${registry}/${repository}`
  const base = baseOf(registry)
  const path = `/v2/${repository}`
  const errors = errorsOf(registry)
  let granted: string | undefined

  const send = (url: URL, { limit, accept, method }: Question): Promise<Reply> =>
    request(url, web, {
      limit,
      ...(method !== undefined && { method }),
      failed: errors.unreachable,
      headers: {
        ...(accept !== undefined && { accept }),
        ...(granted !== undefined && url.origin === base.origin && { authorization: granted }),
      },
    })
  /** Asks without credentials first, and once more with what the answer asks for: tokens also run out. */
  const ask = async (where: string | URL, question: Question): Promise<Reply> => {
    const url = new URL(where, base)
    const first = await send(url, question)
    if (first.status !== 401) return first
    const challenge = readChallenge(first.headers.get('www-authenticate'))
    const asking: Asking = { registry: base, repository, login, failed: errors.unreachable, denied: errors.denied }
    granted = challenge && (await authorization(challenge, asking, web))
    if (granted === undefined) throw errors.denied('it asks for a user and a password')
    return send(url, question)
  }
  /** An answer that has content; undefined for 404. */
  const got = async (where: string | URL, question: Question): Promise<Reply | undefined> => {
    const reply = await ask(where, question)
    if (reply.status === 404) return undefined
    if (reply.status === 200) return reply
    if (reply.status === 401 || reply.status === 403) throw errors.denied(errorIn(reply) ?? 'it refuses')
    if (reply.status === 429) throw errors.unreachable('it was asked too often, and wants to be left alone for a while')
    if (reply.status >= 500) throw errors.unreachable(`it answers with status ${reply.status}`)
    throw errors.invalid(`it answers with status ${reply.status}`)
  }

  const manifest: Registry['manifest'] = async (tagOrDigest) => {
    const reply = await got(`${path}/manifests/${tagOrDigest}`, MANIFEST)
    if (reply === undefined) return undefined
    const digest = digestOf(reply.body)
    const asked = tagOrDigest.includes(':') ? tagOrDigest : digest
    const said = reply.headers.get('docker-content-digest') ?? digest
    refuseError(reply, errors)
    if (digest !== asked || digest !== said) throw errors.mismatch(`${name}:${tagOrDigest}`, digest)
    const read = readManifest(digest, mediaType(reply), reply.body)
    if (typeof read === 'string') throw errors.invalid(`${tagOrDigest} is no manifest: ${read}`)
    return read
  }

  return {
    name,
    manifest,
    async tags() {
      const found: string[] = []
      const seen = new Set<string>()
      let next: URL | undefined = new URL(`${path}/tags/list?n=1000`, base)
      while (next !== undefined) {
        if (seen.has(next.href) || seen.size >= MOST_PAGES) throw errors.invalid('its list of tags has no end')
        seen.add(next.href)
        const reply: Reply | undefined = await got(next, { limit: LONG, accept: 'application/json' })
        if (reply === undefined) {
          if (seen.size > 1) throw errors.invalid('its list of tags breaks off')
          throw new DdalabError('IMAGE_NOT_FOUND', `The registry ${registry} has no repository ${repository}`, {
            hint: 'Check the name in `docker.image`; a private one may need: docker login.',
          })
        }
        found.push(...tagsIn(reply, errors))
        next = nextPage(reply, next, errors)
      }
      return [...new Set(found)]
    },
    // The Hub counts a GET against the pulls that it allows, and a HEAD not.
    async digest(tag) {
      const reply = await got(`${path}/manifests/${tag}`, { ...MANIFEST, method: 'HEAD' })
      return reply?.headers.get('docker-content-digest') ?? undefined
    },
    async blob({ digest, size }) {
      const reply = await got(`${path}/blobs/${digest}`, { limit: SMALL })
      if (reply === undefined) throw errors.invalid(`it has lost ${digest}`)
      if (digestOf(reply.body) !== digest || reply.body.byteLength !== size) {
        refuseError(reply, errors)
        throw errors.mismatch(`${name}@${digest}`, digestOf(reply.body))
      }
      return reply.body
    },
    async referrers(digest) {
      const reply = await got(`${path}/referrers/${digest}`, { limit: SMALL, accept: INDEX })
      // The older way; a registry that has neither says 404 to both. Some answer the unknown path with a page.
      if (reply === undefined || mediaType(reply) !== INDEX) {
        const tagged = await manifest(digest.replace(':', '-'))
        return tagged?.manifests ?? []
      }
      const read = readManifest(digestOf(reply.body), INDEX, reply.body)
      if (typeof read === 'string') throw errors.invalid(`its list of signatures is none: ${read}`)
      return read.manifests ?? []
    },
  }
}

const INDEX = 'application/vnd.oci.image.index.v1+json'

/** Where the API of a registry is. The Hub has another name there. */
function baseOf(registry: string): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io')
  const plain = URL.parse(`http://${registry}`)
  return new URL(`${plain !== null && isLoopback(plain.hostname) ? 'http' : 'https'}://${registry}`)
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

const mediaType = ({ headers }: Reply) => (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const errorShape = z.object({
  errors: z.array(z.object({ code: z.string().optional(), message: z.string().optional() })).min(1),
})

/** The words of an error that an answer carries, whatever its status. */
function errorIn({ body }: Reply): string | undefined {
  const { data } = errorShape.safeParse(parsed(body))
  const first = data?.errors[0]
  return first && words([first.code, first.message].filter(Boolean).join(': '))
}

type Errors = ReturnType<typeof errorsOf>

/** Rule 15 holds here as well: a success that carries an error is a failure. */
function refuseError(reply: Reply, errors: Errors): void {
  const said = errorIn(reply)
  if (said !== undefined) throw errors.invalid(`it answers with success, and an error inside (${said})`)
}

const tagsShape = z.object({ tags: z.array(z.string()).nullable() })

function tagsIn(reply: Reply, errors: Errors): readonly string[] {
  refuseError(reply, errors)
  const { data } = tagsShape.safeParse(parsed(reply.body))
  if (data === undefined) throw errors.invalid('its list of tags is none')
  return (data.tags ?? []).filter((tag) => /^\w[\w.-]{0,127}$/.test(tag))
}

function nextPage({ headers }: Reply, page: URL, errors: Errors): URL | undefined {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '')?.[1]
  if (target === undefined) return undefined
  const next = URL.parse(target, page)
  if (next === null || next.origin !== page.origin) throw errors.invalid('its list of tags goes on elsewhere')
  return next
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}

function errorsOf(registry: string) {
  const about = (why: string) => `The registry ${registry}: ${why}`
  return {
    unreachable: (why: string, cause?: unknown) =>
      new DdalabError('REGISTRY_UNREACHABLE', about(why), {
        hint: 'See that this machine can reach it (network, certificate, HTTPS_PROXY); nothing was changed.',
        ...(cause !== undefined && { cause }),
      }),
    denied: (why: string) =>
      new DdalabError('REGISTRY_DENIED', about(why), {
        hint: `Log in with \`docker login ${registry}\` as the user who runs this.`,
      }),
    invalid: (why: string) =>
      new DdalabError('REGISTRY_INVALID', about(why), {
        hint: 'Something in between (a proxy, a log-in page) may answer in its place; nothing was changed.',
      }),
    mismatch: (what: string, got: string) =>
      new DdalabError('DIGEST_MISMATCH', `${what} is not what its digest says: the content has ${got}`, {
        hint: 'It was damaged or replaced on the way; nothing was changed. Try again, then ask who runs the registry.',
      }),
  }
}
