import { DdalabError } from '../../../errors.ts'

/** Certificates in PEM. */
export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Where an engine listens, and in words how we came to it (`DOCKER_HOST`, `context "lab" (--context)`). */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string; readonly source: string }
  | { readonly kind: 'npipe'; readonly path: string; readonly source: string }
  | {
      readonly kind: 'tcp'
      readonly host: string
      readonly port: number
      readonly tls?: TlsMaterial
      readonly source: string
    }
  | {
      readonly kind: 'ssh'
      readonly host: string
      readonly port?: number
      readonly user?: string
      /** The engine's socket on the other side, when it is not the default one. */
      readonly remoteSocket?: string
      readonly source: string
    }

/** The endpoint as it is written in DOCKER_HOST. */
export function endpointUrl(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'unix':
      return `unix://${endpoint.path}`
    case 'npipe':
      return `npipe://${endpoint.path}`
    case 'tcp':
      return `tcp://${bracketed(endpoint.host)}:${endpoint.port}`
    case 'ssh': {
      const user = endpoint.user === undefined ? '' : `${endpoint.user}@`
      const port = endpoint.port === undefined ? '' : `:${endpoint.port}`
      return `ssh://${user}${bracketed(endpoint.host)}${port}${endpoint.remoteSocket ?? ''}`
    }
  }
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/

/** Whether bind paths and ports of this engine lie on our own machine (rule 40). */
export function isLocal(endpoint: Endpoint): boolean {
  switch (endpoint.kind) {
    case 'unix':
    case 'npipe':
      return true
    case 'tcp':
    case 'ssh':
      return LOOPBACK.test(endpoint.host)
  }
}

const WINDOWS_PIPE = '//./pipe/docker_engine'
export const DEFAULT_SOCKET = '/var/run/docker.sock'

export function defaultEndpoint(platform: NodeJS.Platform, source: string): Endpoint {
  return platform === 'win32'
    ? { kind: 'npipe', path: WINDOWS_PIPE, source }
    : { kind: 'unix', path: DEFAULT_SOCKET, source }
}

/**
 * Reads a host as the Docker CLI writes it: `unix://`, `npipe://`, `tcp://`, `ssh://`, or `host:port` for tcp.
 * `tls` makes it TLS, whose usual port is 2376 instead of 2375. Errors: CONTEXT_INVALID.
 */
export function parseHost(host: string, source: string, tls?: TlsMaterial): Endpoint {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z+]+):\/\/)?(.*)$/i.exec(host.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'unix':
      return { kind: 'unix', path: rest === '' ? DEFAULT_SOCKET : rest, source }
    case 'npipe':
      return { kind: 'npipe', path: rest === '' ? WINDOWS_PIPE : rest.replaceAll('\\', '/'), source }
    case 'tcp': {
      const { hostname, port } = authority(`tcp://${rest === '' ? 'localhost' : rest}`, host, source)
      const usual = tls === undefined ? 2375 : 2376
      return { kind: 'tcp', host: hostname, port: port ?? usual, source, ...(tls !== undefined && { tls }) }
    }
    case 'ssh':
      return sshEndpoint(host, source)
    default:
      throw invalidHost(host, source, `"${scheme}" is none of unix, npipe, tcp and ssh`)
  }
}

function sshEndpoint(host: string, source: string): Endpoint {
  const { hostname, port, user, password, path } = authority(host, host, source)
  if (password) throw invalidHost(withoutPassword(host), source, 'ssh takes no password in the address')
  // A name that starts with "-" would be read as an option of ssh.
  if (hostname.startsWith('-') || user?.startsWith('-')) throw invalidHost(host, source, 'the host is not a name')
  return {
    kind: 'ssh',
    host: hostname,
    source,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(path !== '' && path !== '/' && { remoteSocket: path }),
  }
}

function authority(url: string, original: string, source: string) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || parsed.hostname === '') throw invalidHost(original, source, 'it has no host')
  return {
    hostname: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? undefined : Number(parsed.port),
    user: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password !== '',
    path: decodeURIComponent(parsed.pathname),
  }
}

const withoutPassword = (host: string) => host.replace(/:[^:@/]*@/, ':…@')

function invalidHost(host: string, source: string, reason: string): DdalabError {
  return new DdalabError('CONTEXT_INVALID', `${source} is not an address of a Docker engine: ${host} (${reason})`, {
    hint: 'Write it as unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name.',
  })
}
