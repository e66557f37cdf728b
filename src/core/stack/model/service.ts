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
