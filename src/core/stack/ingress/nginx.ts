import type { Route } from '../model.ts'
import {
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
  type Upstreams,
} from './ingress.ts'

const CONFIG = `${MOUNT}/nginx.conf`

/**
 * `nginx -s reload` returns before the new routes hold. Requests come to the former workers until their titles say that they
 * are shutting down; they then finish what they have.
 */
const RELOAD = `
title() { tr '\\0' '\\n' < "$1" 2>/dev/null | head -n 1 | grep -q '^nginx: worker process$'; }
former=''
for one in /proc/[0-9]*/cmdline; do title "$one" && former="$former $one"; done
nginx -c ${CONFIG} -s reload || exit
for try in $(seq 200); do
  taking=''
  for one in $former; do title "$one" && taking=yes; done
  [ -z "$taking" ] && exit 0
  sleep 0.05
done
`

/** nginx: one configuration of its own; a reload lets the former workers finish their requests. */
export const nginx: IngressKind = { service, files, reload: ['sh', '-c', RELOAD] }

function service(): IngressService {
  return {
    image: 'nginx:1-alpine',
    command: ['nginx', '-c', CONFIG, '-g', 'daemon off;'],
    healthTest: HEALTH_TEST,
    volumes: {},
  }
}

/**
 * Upstreams are variables (of `split_clients`, which also shares requests out among several): names are then looked up
 * again and again at the engine's own name server, and one that is not there yet does not keep nginx from starting.
 */
function files(input: IngressInput, upstreams: Upstreams): { readonly [name: string]: string } {
  const { tls, routes, httpPort, httpsPort, entries } = input
  const secure = tls.kind !== 'off'
  const targets = new Map(routes.map((route) => [variable(route), addressesOf(route, upstreams)]))
  const http = [
    'access_log /dev/stdout;',
    'server_tokens off;',
    'resolver 127.0.0.11 valid=2s ipv6=off;',
    'client_max_body_size 0;',
    'client_body_timeout 1h;',
    'proxy_http_version 1.1;',
    'proxy_request_buffering off;',
    'proxy_buffering off;',
    'proxy_connect_timeout 5s;',
    'proxy_read_timeout 1h;',
    'proxy_send_timeout 1h;',
    'proxy_set_header Host $http_host;',
    'proxy_set_header X-Real-IP $remote_addr;',
    // Not appended to what the client says of itself: there is nothing trusted before us.
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Host $http_host;',
    'proxy_set_header X-Forwarded-Port $server_port;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
    ...block('map $http_upgrade $connection_upgrade', ['default upgrade;', "'' '';"]),
    ...[...targets].flatMap(([name, addresses]) => block(`split_clients $request_id ${name}`, shares(addresses))),
    ...(secure
      ? [
          `ssl_certificate ${MOUNT}/${CERTIFICATE};`,
          `ssl_certificate_key ${MOUNT}/${KEY};`,
          'ssl_protocols TLSv1.2 TLSv1.3;',
          'ssl_session_cache shared:tls:5m;',
        ]
      : []),
    ...block('server', [`listen 127.0.0.1:${HEALTH_PORT};`, 'access_log off;', 'return 200;']),
    ...(secure ? block('server', [`listen ${httpPort};`, redirect(httpsPort)]) : []),
    ...servers(secure ? httpsPort : httpPort, routesOf(routes), secure),
    ...entries.flatMap(({ name, port }) => servers(port, routesOf(routes, name), secure)),
  ]
  const lines = [
    'worker_processes auto;',
    'pid /run/nginx.pid;',
    'error_log stderr warn;',
    ...block('events', ['worker_connections 4096;']),
    ...block('http', http),
  ]
  return { 'nginx.conf': `${lines.join('\n')}\n` }
}

/** One server for each set of hosts; requests for other hosts get the routes for any, or nothing. */
function servers(port: number, routes: readonly Route[], secure: boolean): readonly string[] {
  const listen = (isDefault: boolean): string =>
    `listen ${port}${secure ? ' ssl http2' : ''}${isDefault ? ' default_server' : ''};`
  const any = routes.filter(({ hosts }) => hosts.length === 0)
  const hosts = [...new Set(routes.flatMap((route) => route.hosts))]
  return [
    ...block('server', [
      listen(true),
      ...any.flatMap(location),
      ...(hasRoot(any) ? [] : block('location /', ['return 404;'])),
    ]),
    ...hosts.flatMap((host) => {
      const own = routes.filter((route) => route.hosts.length === 0 || route.hosts.includes(host))
      return block('server', [listen(false), `server_name ${host};`, ...own.flatMap(location)])
    }),
  ]
}

function hasRoot(routes: readonly Route[]): boolean {
  return routes.some(({ pathPrefix }) => pathPrefix === '/')
}

/** Regular expressions are tried in the order of the file: the longest prefix comes first. */
function location(route: Route): readonly string[] {
  const { pathPrefix, stripPrefix } = route
  const pattern = pathPrefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const head = pathPrefix === '/' ? 'location /' : `location ~ ^${pattern}(/|$)`
  const strip = stripPrefix ? [`rewrite ^${pattern}/?(.*)$ /$1 break;`] : []
  return block(head, [...strip, `proxy_pass http://${variable(route)};`])
}

function variable({ service: name, port }: Route): string {
  return `$upstream_${name.replace(/[^A-Za-z0-9]/g, '_')}_${port}`
}

/** Equal parts; the last takes the rest. */
function shares(addresses: readonly string[]): readonly string[] {
  const part = (100 / addresses.length).toFixed(2)
  return addresses.map((address, index) => `${index === addresses.length - 1 ? '*' : `${part}%`} ${address};`)
}

function redirect(httpsPort: number): string {
  return `return 308 https://$host${httpsPort === 443 ? '' : `:${httpsPort}`}$request_uri;`
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}']
}
