import type { Port } from '../../stack/model.ts'

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
export type HealthState = 'none' | 'starting' | 'healthy' | 'unhealthy'

export interface ObservedMount {
  readonly type: string
  readonly name?: string
  readonly source?: string
  readonly target: string
}

export interface ObservedPort {
  readonly ip: string
  readonly published: number
  readonly target: number
  readonly protocol: string
}

/** A container of the project. */
export interface ObservedContainer {
  readonly id: string
  /** Without the leading slash. */
  readonly name: string
  readonly service: string
  readonly number: number
  readonly state: ContainerState
  readonly health: HealthState
  readonly exitCode: number
  readonly restarts: number
  /** ISO 8601; undefined when it never started. */
  readonly startedAt?: string
  /** The reference it was created from. */
  readonly image: string
  readonly imageId: string
  readonly restartPolicy: { readonly name: string; readonly maximumRetryCount: number }
  readonly ports: readonly ObservedPort[]
  readonly mounts: readonly ObservedMount[]
  readonly networks: readonly string[]
  readonly labels: { readonly [name: string]: string }
}

/** What we know of a container that is not ours: enough to name it when it is in the way. */
export interface ForeignContainer {
  readonly id: string
  readonly name: string
  readonly project?: string
  readonly running: boolean
  readonly ports: readonly ObservedPort[]
  /** Names of its volumes, and the folders of the host that it mounts. */
  readonly mounts: readonly string[]
}

export interface ObservedImage {
  readonly id: string
  readonly repoDigests: readonly string[]
  readonly os: string
  readonly architecture: string
}

export interface ObservedNetwork {
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly internal: boolean
  readonly labels: { readonly [name: string]: string }
}

export interface ObservedVolume {
  readonly name: string
  readonly driver: string
  readonly options: { readonly [name: string]: string }
  readonly labels: { readonly [name: string]: string }
}

/** A host port that something other than an observed container listens on. */
export interface PortHolder {
  readonly port: Port
  /** In words: `nginx (pid 812)`; undefined when we may not look. */
  readonly holder?: string
}

export interface EngineFacts {
  readonly version: string
  readonly apiVersion: string
  readonly os: string
  readonly architecture: string
  readonly rootless: boolean
  /** False when bind paths and ports lie on another machine than ours (rule 40). */
  readonly local: boolean
  /** The lowest port an unprivileged engine may bind; 0 when it may bind all. */
  readonly lowestPort: number
  readonly cpus: number
}

/** Containers of the project that an import made ours, though they were deployed from elsewhere. */
export interface TakenOver {
  /** The directory that they name as theirs. */
  readonly workingDir: string
  /** Services of theirs whose work the stack does under another name. */
  readonly replaced: readonly string[]
}

/** What is there now. Plain data; the planner sees nothing else. */
export interface Observation {
  /** Undefined where it was not asked: then nobody judges what it could run, and what runs is all that counts. */
  readonly engine: EngineFacts | undefined
  readonly containers: readonly ObservedContainer[]
  readonly foreign: readonly ForeignContainer[]
  readonly networks: readonly ObservedNetwork[]
  readonly volumes: readonly ObservedVolume[]
  /** By reference of the stack; null when the engine has no such image. */
  readonly images: { readonly [reference: string]: ObservedImage | null }
  /** Digest that a registry has for a reference now; only where the plan was asked to look (`--pull always`). */
  readonly registryDigests: { readonly [reference: string]: string }
  readonly portHolders: readonly PortHolder[]
  /** Bind sources of the stack that do not exist on this host (rule 39). */
  readonly missingBindSources: readonly string[]
  /** The texts of the files we write, which may hold secrets, by path relative to the working directory; null when absent. */
  readonly files: { readonly [path: string]: string | null }
  readonly takenOver?: TakenOver | undefined
}

/** `ddalab-web-1` of service `web`, number 1: unique in the project, used in operation ids. */
export function containerKey(container: { readonly service: string; readonly number: number }): string {
  return `${container.service}-${container.number}`
}

/** Rule 9: a volume that the engine made for a VOLUME line of the image, under a name of its own. */
export function isAnonymous<T extends Pick<ObservedMount, 'type' | 'name'>>(mount: T): mount is T & { name: string } {
  return mount.type === 'volume' && mount.name !== undefined && /^[0-9a-f]{64}$/.test(mount.name)
}

/** Whether something of it runs now. */
export function isUp({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused'
}
