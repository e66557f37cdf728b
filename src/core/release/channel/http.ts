import { DdalabError } from '../../errors.ts'

/** What requests need from outside. */
export interface Web {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Milliseconds for one answer, redirects and content included. */
  readonly timeout?: number
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

export interface RequestOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
  /** Bytes; a longer content is refused. */
  readonly limit: number
  /** The error for an exchange that did not work, with the reason in words. */
  readonly failed: (why: string, cause?: unknown) => DdalabError
}

const TIMEOUT = 30_000
const MOST_REDIRECTS = 5

/**
 * One exchange, by HTTPS; plain HTTP only with this machine itself. Redirects are followed by hand: never from HTTPS to
 * HTTP, and credentials do not go along to another server. Errors: `failed`, or the reason of the signal.
 */
export async function request(address: URL, web: Web, options: RequestOptions): Promise<Reply> {
  const { failed } = options
  const late = AbortSignal.timeout(web.timeout ?? TIMEOUT)
  const signal = AbortSignal.any([web.signal, late])
  let url = address
  let headers = options.headers ?? {}
  try {
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      assertSafe(url, address, failed)
      const { method = 'GET', body } = options
      const answer = await web.fetch(url, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body !== undefined && { body }),
      })
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status >= 400 || location === null) {
        return { status: answer.status, headers: answer.headers, body: await contentOf(answer, options) }
      }
      await answer.body?.cancel()
      const next = URL.parse(location, url)
      if (next === null) throw failed('it sends elsewhere, to no address')
      if (next.origin !== url.origin) headers = withoutCredentials(headers)
      url = next
    }
    throw failed('it sends from one address to the next without end')
  } catch (thrown) {
    if (thrown instanceof DdalabError) throw thrown
    web.signal.throwIfAborted()
    if (late.aborted) throw failed(`no answer within ${(web.timeout ?? TIMEOUT) / 1000} s`, thrown)
    throw failed(reasonOf(thrown), thrown)
  }
}

/** Whether an address is this machine itself, where nobody can listen in between. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

function assertSafe(url: URL, first: URL, failed: RequestOptions['failed']): void {
  if (url.protocol === 'https:') return
  if (url.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(first.hostname)) return
  throw failed(`${url.protocol}//${url.host} is not HTTPS, which is needed for all but this machine itself`)
}

function withoutCredentials(headers: { readonly [name: string]: string }): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

async function contentOf({ body }: Response, { limit, failed }: RequestOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    length += part.byteLength
    if (length > limit) throw failed(`the answer is longer than ${limit} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** undici says `fetch failed`, and why in the cause. */
function reasonOf(thrown: unknown): string {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  return words(inner instanceof Error ? inner.message || inner.name : String(inner))
}

/** Text of others as part of a message: one line, short, nothing that moves a cursor. */
export function words(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
}
