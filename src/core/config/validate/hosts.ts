import type { Finding } from '../finding.ts'
import { formatPath } from '../path.ts'
import type { Config } from '../schema.ts'
import { at, isLoopback, isWildcard, isWritten, type Rule, type Subject } from './rule.ts'

/** The way in from outside, as the ingress offers it. */
interface Entrance {
  readonly scheme: 'http' | 'https'
  readonly port: number
}

function entrance({ ssl, ingress }: Config): Entrance {
  if (ssl?.enabled === true) return { scheme: 'https', port: ingress?.httpsPort ?? 443 }
  return { scheme: 'http', port: ingress?.httpPort ?? 80 }
}

interface PublicUrl {
  readonly path: string
  readonly url: URL
  /** The API has an entry of its own beside the main one. */
  readonly ownPort?: number | undefined
}

/** The addresses that browsers are told, where the stack has an ingress that must know them. */
function publicUrls({ api, web, ingress }: Config): readonly PublicUrl[] {
  if (ingress === undefined) return []
  const given = [
    { path: 'api.publicUrl', text: api?.publicUrl, ownPort: api?.port },
    { path: 'web.publicUrl', text: web?.publicUrl },
  ]
  return given.flatMap(({ path, text, ownPort }) => {
    const url = text === undefined ? null : URL.parse(text)
    return url === null ? [] : [{ path, url, ownPort }]
  })
}

function otherHost({ config }: Subject): readonly Finding[] {
  const domain = config.ingress?.domain
  if (domain === undefined) return []
  return publicUrls(config)
    .filter(({ url }) => bare(url.hostname) !== bare(domain) && !(isLoopback(url.hostname) && isLoopback(domain)))
    .map(({ path }) =>
      at(
        path,
        'has another host than ingress.domain',
        'Give both the same name; they differ only behind another proxy.',
      ),
    )
}

/** Without the brackets of an IPv6 address in a URL, in small letters. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
}

function otherScheme({ config }: Subject): readonly Finding[] {
  const { scheme } = entrance(config)
  const why = scheme === 'https' ? 'ssl.enabled is true' : 'TLS is off (ssl.enabled)'
  return publicUrls(config)
    .filter(({ url }) => url.protocol !== `${scheme}:`)
    .map(({ path, url }) =>
      at(path, `begins with ${url.protocol}//, but ${why}`, `Begin it with ${scheme}://, or change ssl.enabled.`),
    )
}

function otherPort({ config }: Subject): readonly Finding[] {
  const { scheme, port } = entrance(config)
  return publicUrls(config).flatMap(({ path, url, ownPort }) => {
    const wanted = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
    if (url.protocol !== `${scheme}:` || wanted === port || wanted === ownPort) return []
    const setting = `ingress.${scheme}Port`
    const offered = ownPort === undefined ? `${setting} (${port})` : `${setting} (${port}) nor api.port (${ownPort})`
    const not = ownPort === undefined ? 'not' : 'neither'
    return [at(path, `leads to port ${wanted}, which is ${not} ${offered}`, 'Give both the same port.')]
  })
}

/** What the file names, not what is a default: on a workstation localhost is meant. */
function localInProduction(subject: Subject): readonly Finding[] {
  const { config, environment } = subject
  if (environment !== 'production') return []
  const hosts = [
    { path: 'ingress.domain', host: config.ingress?.domain },
    ...publicUrls(config).map(({ path, url }) => ({ path, host: url.hostname })),
  ]
  return hosts
    .filter(({ path, host }) => host !== undefined && isLoopback(host) && isWritten(subject, path))
    .map(({ path }) =>
      at(path, 'is this machine only, in production', 'Write the name under which others reach the system.'),
    )
}

function noDomain(subject: Subject): readonly Finding[] {
  const { config, environment } = subject
  if (environment !== 'production' || config.ingress === undefined || isWritten(subject, 'ingress.domain')) return []
  return [
    at(
      'ingress.domain',
      'is not set: the system is known as localhost',
      'Set it to the name under which others reach it.',
    ),
  ]
}

/** In a container localhost is the container itself. */
function ownContainer({ config: { database, storage, cache } }: Subject): readonly Finding[] {
  const hosts = {
    'database.host': database?.host,
    'storage.minio.host': storage?.minio?.host,
    'cache.redis.host': cache?.redis?.host,
  }
  return Object.entries(hosts)
    .filter(([, host]) => host !== undefined && (isLoopback(host) || isWildcard(host)))
    .map(([path]) =>
      at(
        path,
        'means the container of the app itself',
        'Write the name of the service, or of the host as containers see it (host.docker.internal).',
      ),
    )
}

function deafApi({ config: { api } }: Subject): readonly Finding[] {
  if (api?.host === undefined || !isLoopback(api.host)) return []
  return [
    at('api.host', 'lets the API answer inside its container only', 'Write 0.0.0.0: only the ingress is published.'),
  ]
}

function openToAll({ config: { parameters = {} } }: Subject): readonly Finding[] {
  return Object.entries(parameters)
    .filter(([, value]) => typeof value === 'string' && isWildcard(value))
    .map(([name]) =>
      at(
        formatPath(['parameters', name]),
        'opens a service to everybody who reaches this machine',
        'Write 127.0.0.1, or the address of one network.',
      ),
    )
}

export const hostRules: readonly Rule[] = [
  {
    id: 'public-url-host',
    severity: 'warning',
    about: 'A public URL has another host than `ingress.domain`, so that its requests are not answered.',
    check: otherHost,
  },
  {
    id: 'public-url-scheme',
    severity: 'warning',
    about: 'A public URL says `http` where TLS is on, or `https` where it is off.',
    check: otherScheme,
  },
  {
    id: 'public-url-port',
    severity: 'warning',
    about: 'A public URL leads to a port that the ingress does not publish.',
    check: otherPort,
  },
  {
    id: 'localhost-in-production',
    severity: 'warning',
    about: 'The file names localhost as the domain or in a public URL of production.',
    check: localInProduction,
  },
  {
    id: 'domain-not-set',
    severity: 'info',
    about: 'Production has no `ingress.domain`: fine on one workstation, not for others.',
    check: noDomain,
  },
  {
    id: 'host-is-own-container',
    severity: 'warning',
    about:
      'The database, the S3 server or Redis is looked for at localhost, which in a container is the container itself.',
    check: ownContainer,
  },
  {
    id: 'api-not-reachable',
    severity: 'warning',
    about: '`api.host` is a loopback address: nothing outside the container reaches the API.',
    check: deafApi,
  },
  {
    id: 'wildcard-address',
    severity: 'warning',
    about: 'A parameter binds a service to all addresses of the machine.',
    check: openToAll,
  },
]
