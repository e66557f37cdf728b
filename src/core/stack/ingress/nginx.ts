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
 * `nginx -s reload` returns before the new routes hold. Requests come to the former workers, which are the children of the
 * master until then, until their titles say that they are shutting down; they then finish what they have. One that was begun
 * just now has no title of its own yet.
 */
const RELOAD = `
master=$(cat /run/nginx.pid) || exit
former=''
for one in /proc/[0-9]*; do grep -q "^PPid:.$master$" $one/status 2>/dev/null && former="$former $one"; done
takes() {
  case $(tr '\\0' '\\n' < "$1/cmdline" 2>/dev/null) in *'is shutting down'*) false ;; nginx*) true ;; *) false ;; esac
}
nginx -c ${CONFIG} -s reload || exit
for try in $(seq 400); do
  some=''
  for one in $former; do takes "$one" && some=yes; done
  [ -z "$some" ] && exit 0
  sleep 0.05
done
echo 'The former workers of nginx still take requests after 20 seconds.'
exit 1
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
function files(input: IngressInput, upstreams: Upstreams, former: Upstreams): { readonly [name: string]: string } {
  const { tls, routes, httpPort, httpsPort, entries } = input
  const secure = tls.kind !== 'off'
  const hasFormer = (route: Route) => (former[route.service] ?? []).length > 0
  const targets = new Map([
    ...routes.map((route) => [variable(route), addressesOf(route, upstreams)] as const),
    ...routes.filter(hasFormer).map((route) => [formerVariable(route), addressesOf(route, former)] as const),
  ])
  const writeServers = (port: number, own: readonly Route[]) => servers(port, own, { secure, hasFormer })
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
    ...(routes.some(hasFormer) ? REPEATABLE : []),
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
    ...writeServers(secure ? httpsPort : httpPort, routesOf(routes)),
    ...entries.flatMap(({ name, port }) => writeServers(port, routesOf(routes, name))),
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

interface How {
  readonly secure: boolean
  /** Whether there are containers that take what those that serve now are not there to take. */
  readonly hasFormer: (route: Route) => boolean
}

/** One server for each set of hosts; requests for other hosts get the routes for any, or nothing. */
function servers(port: number, routes: readonly Route[], { secure, hasFormer }: How): readonly string[] {
  const listen = (isDefault: boolean): string =>
    `listen ${port}${secure ? ' ssl http2' : ''}${isDefault ? ' default_server' : ''};`
  const any = routes.filter(({ hosts }) => hosts.length === 0)
  const hosts = [...new Set(routes.flatMap((route) => route.hosts))]
  return [
    ...block('server', [
      listen(true),
      ...locations(any, hasFormer),
      ...(hasRoot(any) ? [] : block('location /', ['return 404;'])),
    ]),
    ...hosts.flatMap((host) => {
      const own = routes.filter((route) => route.hosts.length === 0 || route.hosts.includes(host))
      return block('server', [listen(false), `server_name ${host};`, ...locations(own, hasFormer)])
    }),
  ]
}

function hasRoot(routes: readonly Route[]): boolean {
  return routes.some(({ pathPrefix }) => pathPrefix === '/')
}

/** Regular expressions are tried in the order of the file: the longest prefix comes first. */
function locations(routes: readonly Route[], hasFormer: How['hasFormer']): readonly string[] {
  const names = new Map(routes.filter(hasFormer).map((route) => [formerLocation(route), formerVariable(route)]))
  return [
    ...routes.flatMap((route) => location(route, hasFormer(route))),
    ...[...names].flatMap(([name, target]) =>
      block(`location ${name}`, [`if ($repeatable = '') { return 502; }`, `proxy_pass http://${target};`]),
    ),
  ]
}

function location(route: Route, hasFormer: boolean): readonly string[] {
  const { pathPrefix, stripPrefix } = route
  const pattern = pathPrefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const head = pathPrefix === '/' ? 'location /' : `location ~ ^${pattern}(/|$)`
  const strip = stripPrefix ? [`rewrite ^${pattern}/?(.*)$ /$1 break;`] : []
  const otherwise = hasFormer ? [`error_page 502 504 = ${formerLocation(route)};`] : []
  return block(head, [...strip, `proxy_pass http://${variable(route)};`, ...otherwise])
}

/**
 * A request may be sent a second time when it changes nothing, or when none of it was sent, for there was no connection.
 * nginx cannot begin anew with a body that it hands on as it comes.
 */
const REPEATABLE = block(
  'map "$request_method $upstream_connect_time $content_length$http_transfer_encoding" $repeatable',
  ["default '';", "'~^(GET|HEAD) ' yes;", "'~ [-, ]+ 0?$' yes;"],
)

const formerVariable = (route: Route) => variable(route).replace('$upstream_', '$former_')
const formerLocation = (route: Route) => formerVariable(route).replace('$', '@')

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
