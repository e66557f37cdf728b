import type { StackIngress } from './model/ingress.ts'
import type { Service } from './model/service.ts'

export type * from './model/ingress.ts'
export type * from './model/service.ts'

/**
 * The stack: what config and template resolve to. A normalised Compose model, plain data, no I/O.
 * Field names follow the Compose specification in camel case; short forms are expanded, durations are milliseconds, sizes bytes.
 */
export interface Stack {
  /** The Compose project name, the prefix of everything we create. */
  readonly project: string
  /** Where relative paths start and `docker-compose.yml` lies; an absolute path. */
  readonly workingDir: string
  readonly services: { readonly [name: string]: Service }
  readonly networks: { readonly [key: string]: Network }
  readonly volumes: { readonly [key: string]: Volume }
  readonly configs: { readonly [key: string]: FileSource }
  readonly secrets: { readonly [key: string]: FileSource }
  /** The service that `docker.image` is the image of; its version is the stack's. */
  readonly main?: string
  /** Name of the Compose file in `workingDir`; `docker-compose.yml` when undefined. */
  readonly composeFile?: string
  /** Files in `workingDir` that belong to the stack: ingress routes and certificates, the Compose file itself and `.env`. */
  readonly files: readonly GeneratedFile[]
  /** How requests from outside reach services; undefined when the stack has no ingress of ours. */
  readonly ingress?: StackIngress
  /** Probes from outside (`ddalab health`), from the template's metadata. */
  readonly probes: readonly Probe[]
  /** What of it is data, for backups; undefined: every named volume. */
  readonly data?: readonly DataSource[]
  /** Known secret values, for redaction; never rendered. */
  readonly secretValues: readonly string[]
}

export interface GeneratedFile {
  /** Relative to the stack's `workingDir`, with `/`. */
  readonly path: string
  readonly content: string
  readonly secret: boolean
  /** Services that read the file: its content is part of their spec hash (rule 38). */
  readonly services: readonly string[]
  /** The service takes up a changed file by itself or by a reload, so a change does not recreate it. */
  readonly reloadable: boolean
}

/** Something that holds data, and how it is copied as a whole. */
export interface DataSource {
  /** Unique in the stack; also the name of its file in a backup. */
  readonly name: string
  /** `postgres` and `redis` are dumped by their own tools; `s3` and `volume` are copied as files. */
  readonly kind: 'postgres' | 'redis' | 's3' | 'volume'
  readonly service: string
  /** Of `s3` and `volume`: where the files lie in the container of the service. */
  readonly path?: string
  /** Of `volume`: copied without pausing what writes to it. */
  readonly live?: boolean
  /** Of `s3`: the bucket that is looked for when a backup is verified. */
  readonly bucket?: string
  /** Of `postgres` and `redis`: variables of the container that hold what its tools need. */
  readonly variables?: { readonly user?: string; readonly database?: string; readonly password?: string }
}

export interface Network {
  /** The engine's name: `<project>_<key>`, or the given or external one. */
  readonly name: string
  readonly external: boolean
  readonly driver?: string
  readonly driverOpts: { readonly [key: string]: string }
  readonly internal: boolean
  readonly attachable: boolean
  readonly enableIpv6: boolean
  readonly labels: { readonly [name: string]: string }
  readonly subnets: readonly { readonly subnet?: string; readonly gateway?: string; readonly ipRange?: string }[]
}

export interface Volume {
  readonly name: string
  readonly external: boolean
  readonly driver?: string
  readonly driverOpts: { readonly [key: string]: string }
  readonly labels: { readonly [name: string]: string }
}

/** A Compose `config` or `secret`: a file on the host (absolute path), or content of our own. */
export type FileSource =
  | {
      readonly name: string
      readonly file: string
      /** SHA-256 of the content, where it could be read when the stack was made (rule 38). */
      readonly sha256?: string
    }
  | {
      readonly name: string
      readonly content: string
      /** The variable that the content came from: how the Compose file names it without showing it. */
      readonly variable?: string
    }

/** A question put from outside a container. Durations in ms. */
export type Probe =
  | {
      readonly name: string
      readonly service: string
      readonly type: 'http'
      readonly url: string
      readonly hostHeader?: string
      readonly expectStatus: readonly number[]
      readonly insecureTls: boolean
      readonly timeout: number
    }
  | {
      readonly name: string
      readonly service: string
      readonly type: 'tcp'
      readonly host: string
      readonly port: number
      readonly timeout: number
    }
  | {
      readonly name: string
      readonly service: string
      readonly type: 'command'
      readonly command: readonly string[]
      readonly timeout: number
    }
  /** `service` asks, from inside its container, whether it reaches `target`. */
  | {
      readonly name: string
      readonly service: string
      readonly type: 'dependency'
      readonly target: string
      readonly port: number
      readonly timeout: number
    }
