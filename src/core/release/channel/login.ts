import * as z from 'zod'
import type { DdalabError } from '../../errors.ts'
import { isLoopback, type Reply, request, type Web } from './http.ts'

/** What to show a registry, as the Docker tools have kept it. A secret in all its forms. */
export type Login =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string }

export interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly parameters: { readonly [name: string]: string }
}

/** The first challenge that can be answered, of `WWW-Authenticate` (RFC 9110, section 11.6.1). */
export function readChallenge(header: string | null): Challenge | undefined {
  const found = /^\s*(basic|bearer)\b(.*)$/i.exec(header ?? '')
  if (found === null) return undefined
  const pairs = [...(found[2] ?? '').matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi)]
  const parameters = Object.fromEntries(
    pairs.map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']),
  )
  return { scheme: found[1]?.toLowerCase() === 'basic' ? 'basic' : 'bearer', parameters }
}

const tokenShape = z.object({ token: z.string().min(1).optional(), access_token: z.string().min(1).optional() })

export interface Asking {
  readonly registry: URL
  readonly repository: string
  readonly login: Login | undefined
  readonly failed: (why: string, cause?: unknown) => DdalabError
  readonly denied: (why: string) => DdalabError
}

/** The `Authorization` that a challenge asks for; undefined where there is nothing to answer it with. */
export async function authorization(
  { scheme, parameters }: Challenge,
  asking: Asking,
  web: Web,
): Promise<string | undefined> {
  const { login } = asking
  if (scheme === 'basic') return login?.kind === 'password' ? basic(login) : undefined
  if (login?.kind === 'bearer') return `Bearer ${login.token}`
  const realm = URL.parse(parameters.realm ?? '')
  if (realm === null) throw asking.failed('it asks for a token and does not say from where')
  // The password goes there: only this machine's own registry may send us to this machine.
  if (isLoopback(realm.hostname) && !isLoopback(asking.registry.hostname))
    throw asking.failed(`it asks for a token from ${realm.host}`)
  const reply = await askForToken(realm, parameters, asking, web)
  if (reply.status === 401 || reply.status === 403) throw asking.denied('it does not accept the credentials')
  if (reply.status !== 200) throw asking.failed(`${realm.host} gives no token (status ${reply.status})`)
  const parsed = tokenShape.safeParse(jsonOf(reply))
  const token = parsed.data?.token ?? parsed.data?.access_token
  if (token === undefined || /\s/.test(token)) throw asking.failed(`${realm.host} answers without a token`)
  return `Bearer ${token}`
}

/** https://distribution.github.io/distribution/spec/auth/token, and its OAuth 2 form for identity tokens. */
function askForToken(
  realm: URL,
  { service }: Challenge['parameters'],
  { login, repository, failed }: Asking,
  web: Web,
): Promise<Reply> {
  const scope = `repository:${repository}:pull`
  const common = { limit: 100_000, failed }
  if (login?.kind === 'identity') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'ddalab',
      scope,
      refresh_token: login.token,
    })
    if (service !== undefined) form.set('service', service)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return request(realm, web, { ...common, method: 'POST', headers, body: form.toString() })
  }
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  url.searchParams.set('scope', scope)
  return request(url, web, { ...common, ...(login !== undefined && { headers: { authorization: basic(login) } }) })
}

function basic(login: Login): string {
  const pair = login.kind === 'password' ? `${login.user}:${login.password}` : ''
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

function jsonOf({ body }: Reply): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}
