import type { Route } from '../model.ts'
import {
  ACME_STAGING,
  addressesOf,
  CERTIFICATE,
  HEALTH_PORT,
  HEALTH_TEST,
  type IngressInput,
  type IngressKind,
  type IngressService,
  KEY,
  MOUNT,
  routesOf,
  type Tls,
  type Upstreams,
} from './ingress.ts'

const CONFIG = ['--config', `${MOUNT}/Caddyfile`, '--adapter', 'caddyfile']
/** A socket inside the container, instead of its port 2019: nobody on the network may reconfigure it. */
const ADMIN = 'unix//run/caddy-admin.sock'

/** Caddy 2: one Caddyfile, reloaded without dropping a connection. */
export const caddy: IngressKind = {
  service,
  files,
  reload: ['caddy', 'reload', ...CONFIG, '--address', ADMIN, '--force'],
}

function service({ tls }: IngressInput): IngressService {
  return {
    image: 'caddy:2-alpine',
    command: ['caddy', 'run', ...CONFIG],
    healthTest: HEALTH_TEST,
    volumes: tls.kind === 'acme' ? { 'caddy-data': '/data' } : {},
  }
}

function files(input: IngressInput, upstreams: Upstreams): { readonly [name: string]: string } {
  const { tls, routes, httpPort, httpsPort, entries } = input
  const sites = [
    site(`http://:${HEALTH_PORT}`, ['bind 127.0.0.1', 'respond 200']),
    ...(tls.kind === 'off' ? [] : [site(`http://:${httpPort}`, [redirect(httpsPort)])]),
    entry(tls.kind === 'off' ? httpPort : httpsPort, routesOf(routes)),
    ...entries.map(({ name, port }) => entry(port, routesOf(routes, name))),
  ]
  const global = [
    `admin ${ADMIN}`,
    tls.kind === 'acme' ? 'auto_https disable_redirects' : 'auto_https off',
    `http_port ${httpPort}`,
    `https_port ${httpsPort}`,
    ...block('servers', ['protocols h1 h2']),
  ]
  return { Caddyfile: [...block('', global), '', ...sites.flat()].join('\n') }

  function entry(port: number, own: readonly Route[]): readonly string[] {
    return site(addresses(tls, port).join(', '), [
      ...tlsLines(tls),
      ...own.flatMap((route, index) => handle(route, `route${index}`, upstreams)),
      ...block('handle', ['respond 404']),
    ])
  }
}

function addresses(tls: Tls, port: number): readonly string[] {
  switch (tls.kind) {
    case 'off':
      return [`http://:${port}`]
    case 'files':
      return [`https://:${port}`]
    case 'acme':
      return tls.domains.map((domain) => `https://${domain}:${port}`)
  }
}

function tlsLines(tls: Tls): readonly string[] {
  const protocols = 'protocols tls1.2 tls1.3'
  switch (tls.kind) {
    case 'off':
      return []
    case 'files':
      return block(`tls ${MOUNT}/${CERTIFICATE} ${MOUNT}/${KEY}`, [protocols])
    case 'acme':
      return block(`tls ${tls.email}`, [protocols, ...(tls.staging ? [`ca ${ACME_STAGING}`] : [])])
  }
}

function handle(route: Route, name: string, upstreams: Upstreams): readonly string[] {
  const { hosts, pathPrefix } = route
  const conditions = [
    ...(hosts.length > 0 ? [`host ${hosts.join(' ')}`] : []),
    ...(pathPrefix === '/' ? [] : [`path ${pathPrefix} ${pathPrefix}/*`]),
  ]
  // No flush_interval: -1 makes a reload cut the requests in flight (Caddy 2.6); streams are flushed as they come anyway.
  const proxy = `reverse_proxy ${addressesOf(route, upstreams).join(' ')}`
  const steps = [...(route.stripPrefix ? [`uri strip_prefix ${pathPrefix}`] : []), proxy]
  if (conditions.length === 0) return block('handle', steps)
  return [...block(`@${name}`, conditions), ...block(`handle @${name}`, steps)]
}

/** 308 keeps the method and the body. */
function redirect(httpsPort: number): string {
  return `redir https://{host}${httpsPort === 443 ? '' : `:${httpsPort}`}{uri} 308`
}

function site(address: string, lines: readonly string[]): readonly string[] {
  return [...block(address, lines), '']
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`.trimStart(), ...lines.map((line) => `\t${line}`), '}']
}
