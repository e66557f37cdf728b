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

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

export interface Dependency {
  readonly condition: DependencyCondition
  /** Stop and start this service too when the dependency is replaced. */
  readonly restart: boolean
  readonly required: boolean
}

export interface Port {
  /** Container port. */
  readonly target: number
  /** Host port or range `8000-8010`; undefined lets the engine choose. */
  readonly published?: string
  readonly hostIp?: string
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly mode: 'ingress' | 'host'
}

export type Mount =
  | {
      readonly type: 'volume'
      readonly source?: string
      readonly target: string
      readonly readOnly: boolean
      readonly noCopy: boolean
      readonly subpath?: string
    }
  | {
      readonly type: 'bind'
      readonly source: string
      readonly target: string
      readonly readOnly: boolean
      readonly createHostPath: boolean
      readonly propagation?: string
      readonly selinux?: string
    }
  | { readonly type: 'tmpfs'; readonly target: string; readonly size?: number; readonly mode?: number }

/** `test` as in Compose: `['CMD', ...]`, `['CMD-SHELL', line]`; `['NONE']` disables the image's own check. Durations in ms. */
export interface Healthcheck {
  readonly test?: readonly string[]
  readonly interval?: number
  readonly timeout?: number
  readonly retries?: number
  readonly startPeriod?: number
  readonly startInterval?: number
}

export interface ServiceNetwork {
  readonly aliases: readonly string[]
  readonly ipv4Address?: string
  readonly ipv6Address?: string
  readonly macAddress?: string
  readonly priority?: number
}

export interface FileReference {
  readonly source: string
  readonly target: string
  readonly uid?: string
  readonly gid?: string
  readonly mode?: number
}

export interface UpdateConfig {
  /** Containers replaced at a time; 0: all. */
  readonly parallelism: number
  /** ms between groups. */
  readonly delay: number
  /** Undefined, `pause` and `rollback`: the whole change is taken back. */
  readonly failureAction?: 'pause' | 'continue' | 'rollback'
  /** ms to keep watching after healthy; undefined: the default of the provider. */
  readonly monitor?: number
  /** Undefined: start-first where requests come through the ingress, else stop-first. */
  readonly order?: 'stop-first' | 'start-first'
  /** ms that requests in flight get to end (`x-drain`); undefined: the default of the provider. */
  readonly drain?: number
}

export interface Resources {
  readonly cpus?: number
  /** Bytes. */
  readonly memory?: number
  readonly pids?: number
  readonly cpuReservation?: number
  readonly memoryReservation?: number
}

export interface Ulimit {
  readonly soft: number
  readonly hard: number
}

export interface Logging {
  readonly driver?: string
  readonly options: { readonly [key: string]: string }
}

export interface Service {
  readonly name: string
  readonly image: string
  readonly pullPolicy: 'always' | 'missing' | 'never'
  readonly platform?: string
  readonly containerName?: string
  readonly hostname?: string
  readonly domainname?: string
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  /** null: taken from the engine's environment in Compose; we drop such names at compile time. */
  readonly environment: { readonly [name: string]: string }
  readonly labels: { readonly [name: string]: string }
  readonly ports: readonly Port[]
  /** Container ports shown but not published, `8080/tcp`. */
  readonly expose: readonly string[]
  readonly mounts: readonly Mount[]
  readonly volumesFrom: readonly string[]
  readonly configs: readonly FileReference[]
  readonly secrets: readonly FileReference[]
  readonly networks: { readonly [key: string]: ServiceNetwork }
  /** `host`, `none`, `service:x`, `container:x`; then `networks` is empty. */
  readonly networkMode?: string
  readonly dependsOn: { readonly [service: string]: Dependency }
  readonly healthcheck?: Healthcheck
  /** `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:3`. */
  readonly restart: string
  readonly replicas: number
  readonly updateConfig?: UpdateConfig
  readonly resources: Resources
  readonly user?: string
  readonly groupAdd: readonly string[]
  readonly workingDir?: string
  readonly tty: boolean
  readonly stdinOpen: boolean
  readonly init?: boolean
  readonly privileged: boolean
  readonly readOnly: boolean
  readonly capAdd: readonly string[]
  readonly capDrop: readonly string[]
  readonly securityOpt: readonly string[]
  readonly devices: readonly string[]
  readonly dns: readonly string[]
  readonly dnsSearch: readonly string[]
  readonly extraHosts: readonly string[]
  readonly sysctls: { readonly [name: string]: string }
  readonly ulimits: { readonly [name: string]: Ulimit }
  readonly shmSize?: number
  readonly pidMode?: string
  readonly ipcMode?: string
  readonly stopSignal?: string
  /** ms; 10 s when undefined. */
  readonly stopGracePeriod?: number
  readonly logging?: Logging
  /** Never two of it at once on its volumes (databases): stop-first always (rule 8). */
  readonly singleWriter: boolean
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
