/** Certificates in PEM. */
export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Where an engine listens, and in words how we came to it ("DOCKER_HOST", "the context \"lab\""). */
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
