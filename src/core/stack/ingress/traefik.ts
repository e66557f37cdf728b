import { type YamlTree, yamlText } from '../compose/yaml-text.ts'
import type { Route } from '../model.ts'
import {
  ACME_STAGING,
  addressesOf,
  CERTIFICATE,
  HEALTH_PORT,
  type IngressInput,
  type IngressKind,
  type IngressService,
  KEY,
  MOUNT,
  routesOf,
  type Tls,
  type Upstreams,
} from './ingress.ts'

/** Traefik 3: entry points in the command line, routes through its file provider, which watches the file. */
export const traefik: IngressKind = { service, files }

const PING = `--entryPoints.ping.address=127.0.0.1:${HEALTH_PORT}`

function service({ tls, httpPort, httpsPort, entries }: IngressInput): IngressService {
  const secure = tls.kind !== 'off'
  const points = [
    { name: 'web', port: httpPort },
    ...(secure ? [{ name: 'websecure', port: httpsPort }] : []),
    ...entries,
  ]
  return {
    image: 'traefik:v3',
    command: [
      '--global.checkNewVersion=false',
      '--global.sendAnonymousUsage=false',
      '--ping=true',
      '--ping.entryPoint=ping',
      PING,
      ...points.flatMap(({ name, port }) => [
        `--entryPoints.${name}.address=:${port}`,
        // Its default of 60 s would cut long uploads.
        `--entryPoints.${name}.transport.respondingTimeouts.readTimeout=0`,
      ]),
      ...(secure
        ? [
            '--entryPoints.web.http.redirections.entryPoint.to=websecure',
            '--entryPoints.web.http.redirections.entryPoint.scheme=https',
          ]
        : []),
      `--providers.file.filename=${MOUNT}/dynamic.yml`,
      '--providers.file.watch=true',
      // Changed routes are taken up at once, and connections that nobody uses end soon: a drain counts them.
      '--providers.providersThrottleDuration=100ms',
      '--serversTransport.forwardingTimeouts.idleConnTimeout=5s',
      ...acmeFlags(tls),
    ],
    healthTest: ['CMD', 'traefik', 'healthcheck', '--ping=true', '--ping.entryPoint=ping', PING],
    volumes: tls.kind === 'acme' ? { 'traefik-data': '/data' } : {},
  }
}

function acmeFlags(tls: Tls): readonly string[] {
  if (tls.kind !== 'acme') return []
  const resolver = '--certificatesResolvers.letsencrypt.acme'
  return [
    `${resolver}.email=${tls.email}`,
    `${resolver}.storage=/data/acme.json`,
    `${resolver}.httpChallenge.entryPoint=web`,
    ...(tls.staging ? [`${resolver}.caServer=${ACME_STAGING}`] : []),
  ]
}

function files(input: IngressInput, upstreams: Upstreams): { readonly [name: string]: string } {
  const { tls, routes, entries } = input
  const main = tls.kind === 'off' ? 'web' : 'websecure'
  const all = [
    ...routesOf(routes).map((route) => ({ route, point: main })),
    ...entries.flatMap(({ name }) => routesOf(routes, name).map((route) => ({ route, point: name }))),
  ]
  const stripped = [...new Set(routes.filter((route) => route.stripPrefix).map(({ pathPrefix }) => pathPrefix))]
  const dynamic: YamlTree = {
    http: {
      routers: Object.fromEntries(all.map(({ route, point }) => [nameOf(route, point), router(route, point, tls)])),
      middlewares:
        stripped.length === 0
          ? undefined
          : Object.fromEntries(stripped.map((prefix) => [stripName(prefix), { stripPrefix: { prefixes: [prefix] } }])),
      services: Object.fromEntries(
        routes.map((route) => [
          serviceName(route),
          { loadBalancer: { servers: addressesOf(route, upstreams).map((address) => ({ url: `http://${address}` })) } },
        ]),
      ),
    },
    tls:
      tls.kind === 'off' ? undefined : { options: { default: { minVersion: 'VersionTLS12' } }, ...defaultStore(tls) },
  }
  // Traefik watches this file only: a new certificate must change it to be read.
  const certificate = tls.kind === 'files' && tls.fingerprint !== undefined ? `# certificate ${tls.fingerprint}\n` : ''
  return { 'dynamic.yml': certificate + yamlText(dynamic) }
}

function defaultStore(tls: Tls): YamlTree {
  if (tls.kind !== 'files') return {}
  const defaultCertificate = { certFile: `${MOUNT}/${CERTIFICATE}`, keyFile: `${MOUNT}/${KEY}` }
  return { stores: { default: { defaultCertificate } } }
}

function router(route: Route, point: string, tls: Tls): YamlTree {
  return {
    rule: rule(route),
    priority: route.pathPrefix.length * 2 + (route.hosts.length > 0 ? 1 : 0),
    entryPoints: [point],
    service: serviceName(route),
    middlewares: route.stripPrefix ? [stripName(route.pathPrefix)] : undefined,
    tls: tlsOf(tls),
  }
}

function tlsOf(tls: Tls): YamlTree | undefined {
  if (tls.kind === 'off') return undefined
  if (tls.kind === 'files') return {}
  const [main = '', ...sans] = tls.domains
  return { certResolver: 'letsencrypt', domains: [{ main, sans: sans.length === 0 ? undefined : sans }] }
}

function rule({ hosts, pathPrefix }: Route): string {
  const host = hosts.length === 0 ? [] : [`(${hosts.map((name) => `Host(\`${name}\`)`).join(' || ')})`]
  // PathPrefix alone would take /apis for /api.
  const path = pathPrefix === '/' ? 'PathPrefix(`/`)' : `(Path(\`${pathPrefix}\`) || PathPrefix(\`${pathPrefix}/\`))`
  return [...host, path].join(' && ')
}

function serviceName({ service: name, port }: Route): string {
  return `${name}-${port}`
}

function nameOf({ hosts, pathPrefix }: Route, point: string): string {
  return [point, ...(hosts.length > 0 ? [hosts[0]] : []), slug(pathPrefix)].join('-')
}

function stripName(prefix: string): string {
  return `strip-${slug(prefix)}`
}

function slug(path: string): string {
  return path === '/' ? 'root' : path.slice(1).replaceAll('/', '-')
}
