import type { Route } from '../model.ts'
import {
  ACME_STAGING,
  CERTIFICATE,
  HEALTH_PORT,
  HEALTH_TEST,
  hostsOf,
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
/** Folder of the files that each hold a host that requests are sent to. */
const UPSTREAMS = 'upstreams'
/** Hosts at a time for each route while services are replaced; at rest, the name of a service stands for all its containers. */
const SLOTS = 4
/** A socket inside the container, instead of its port 2019: nobody on the network may reconfigure it. */
const ADMIN = 'unix//run/caddy-admin.sock'

/**
 * Caddy 2.8 or newer. Where requests go is read from small files at each request: a reload opens the ports anew, and
 * connections that wait at the former sockets are lost.
 */
export const caddy: IngressKind = {
  service,
  files,
  isLive: (name) => name.startsWith(`${UPSTREAMS}/`),
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
  const hosts = routes.flatMap((route) => slots(route, upstreams))
  return {
    Caddyfile: [...block('', global), '', ...sites.flat()].join('\n'),
    ...Object.fromEntries(hosts.map(({ file, host }) => [file, `${host}\n`])),
  }

  function entry(port: number, own: readonly Route[]): readonly string[] {
    return site(addresses(tls, port).join(', '), [
      ...tlsLines(tls),
      ...own.flatMap((route, index) => handle(route, `route${index}`)),
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

function handle(route: Route, name: string): readonly string[] {
  const { hosts, pathPrefix } = route
  const conditions = [
    ...(hosts.length > 0 ? [`host ${hosts.join(' ')}`] : []),
    ...(pathPrefix === '/' ? [] : [`path ${pathPrefix} ${pathPrefix}/*`]),
  ]
  // No flush_interval: -1 makes a reload cut the requests in flight (Caddy 2.6); streams are flushed as they come anyway.
  const addresses = slots(route, {}).map(({ file }) => `{file.${MOUNT}/${file}}:${route.port}`)
  // What could not be connected is tried again, as the files then say: no request has been sent yet.
  const proxy = block(`reverse_proxy ${addresses.join(' ')}`, ['lb_try_duration 5s', 'lb_try_interval 100ms'])
  const steps = [...(route.stripPrefix ? [`uri strip_prefix ${pathPrefix}`] : []), ...proxy]
  if (conditions.length === 0) return block('handle', steps)
  return [...block(`@${name}`, conditions), ...block(`handle @${name}`, steps)]
}

/** The files behind a route, and the host in each; where there are fewer hosts than slots, they come again. */
function slots(route: Route, upstreams: Upstreams): readonly { readonly file: string; readonly host: string }[] {
  const hosts = hostsOf(route, upstreams)
  return Array.from({ length: SLOTS }, (_, index) => ({
    file: `${UPSTREAMS}/${route.service}-${index + 1}`,
    host: hosts[index % hosts.length] ?? route.service,
  }))
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
