/** A port of the stack from outside, the same inside the container of the ingress: redirects and headers then name the right one. */
export interface Entry {
  readonly name: string
  readonly port: number
}

export type Tls =
  | { readonly kind: 'off' }
  /** `certs/cert.pem` and `certs/key.pem` beside the routes. The fingerprint tells one certificate from the next. */
  | { readonly kind: 'files'; readonly fingerprint?: string }
  /** The ingress fetches its certificates itself. */
  | { readonly kind: 'acme'; readonly email: string; readonly domains: readonly string[]; readonly staging: boolean }

/** What the routes file of an ingress is made from. */
export interface IngressInput {
  readonly routes: readonly Route[]
  readonly tls: Tls
  /** With TLS this one only redirects to `httpsPort`. */
  readonly httpPort: number
  readonly httpsPort: number
  /** Further entries, with TLS when the main one has it. */
  readonly entries: readonly Entry[]
}

export interface Route {
  /** Name of the entry it belongs to; undefined: the main one (HTTP and HTTPS). */
  readonly entry?: string
  /** Empty: any host. */
  readonly hosts: readonly string[]
  /** Whole segments: `/api` is for `/api` and `/api/x`, not for `/apis`. */
  readonly pathPrefix: string
  readonly stripPrefix: boolean
  readonly service: string
  /** Port in the container. */
  readonly port: number
}

export interface StackIngress {
  readonly kind: 'traefik' | 'caddy' | 'nginx'
  /** The service that holds the ports. */
  readonly service: string
  readonly input: IngressInput
  /** The main entry as a browser sees it, such as `https://lab.example.org`. */
  readonly url?: string
  /** The command that makes it take up changed files, run inside it; undefined when it watches them. */
  readonly reload?: readonly string[]
}
