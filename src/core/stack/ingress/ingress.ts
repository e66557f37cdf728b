import type { IngressInput, Route } from '../model.ts'

export type { Entry, IngressInput, Tls } from '../model.ts'

/** Names under which the containers of a service are reached, by service; the service's own name for what is missing. */
export interface Upstreams {
  readonly [service: string]: readonly string[]
}

/** What the service of an ingress is made of, beside the ports, the mount of its files and the common settings. */
export interface IngressService {
  readonly image: string
  readonly command: readonly string[]
  readonly healthTest: readonly string[]
  /** Key of a volume -> path in the container, for what must outlive it. */
  readonly volumes: { readonly [key: string]: string }
}

/** One kind of ingress: everything that differs between Traefik, Caddy and nginx. Pure. */
export interface IngressKind {
  readonly service: (input: IngressInput) => IngressService
  /**
   * File name -> content. Only this changes when traffic is switched to other containers. `former`: those that served before, and
   * are to get what the others are not there to take; for a kind that does not wait until the others are back.
   */
  readonly files: (input: IngressInput, upstreams: Upstreams, former: Upstreams) => { readonly [name: string]: string }
  /** Run inside the container to have changed files taken up; undefined when it watches them. */
  readonly reload?: readonly string[]
  /** Which files are read at each request, and take effect when they are written. */
  readonly isLive?: (name: string) => boolean
}

/** Where the files of an ingress are in its container. A folder and not a file is mounted: files are replaced by renaming. */
export const MOUNT = '/etc/ddalab/ingress'
export const CERTIFICATE = 'certs/cert.pem'
export const KEY = 'certs/key.pem'

/** On loopback in the container: nothing from outside reaches it. */
export const HEALTH_PORT = 61_080
/** Works with BusyBox, as in the official images, and with Debian's tools. */
export const HEALTH_TEST: readonly string[] = [
  'CMD-SHELL',
  `wget -q -O /dev/null http://127.0.0.1:${HEALTH_PORT}/ || curl -fsS -o /dev/null http://127.0.0.1:${HEALTH_PORT}/`,
]

export const ACME_STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory'

/** Hosts behind a route. */
export function hostsOf({ service }: Route, upstreams: Upstreams): readonly string[] {
  const hosts = upstreams[service] ?? []
  return hosts.length > 0 ? hosts : [service]
}

/** Addresses `host:port` behind a route. */
export function addressesOf(route: Route, upstreams: Upstreams): readonly string[] {
  return hostsOf(route, upstreams).map((host) => `${host}:${route.port}`)
}

/** The routes of an entry (undefined: the main one), the longest prefix first, those for certain hosts before those for any. */
export function routesOf(routes: readonly Route[], entry?: string): readonly Route[] {
  return routes
    .filter((route) => route.entry === entry)
    .toSorted(
      (a, b) => b.pathPrefix.length - a.pathPrefix.length || Number(b.hosts.length > 0) - Number(a.hosts.length > 0),
    )
}
