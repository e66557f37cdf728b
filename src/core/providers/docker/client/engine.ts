import type { Duplex, Readable } from 'node:stream'
import type { Endpoint } from './endpoint.ts'
import type {
  Container,
  ContainerSummary,
  Distribution,
  EngineEvent,
  EngineInfo,
  EngineVersion,
  ExecState,
  Image,
  ImageSummary,
  Network,
  Top,
  Volume,
} from './shapes.ts'

/** A request body or a part of one, under the API's own names. */
export type ApiValue = string | number | boolean | null | undefined | readonly ApiValue[] | ApiBody
export type ApiBody = { readonly [field: string]: ApiValue }

/** What a call that may find its work done (rule 30) has to tell. */
export type Done = 'done' | 'already'
export type DoneOrAbsent = Done | 'absent'

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** Labels by value; `true` asks only whether the label is there. */
export type LabelFilter = { readonly [label: string]: string | true }

export interface ContainerFilter {
  /** The exact name, without the slash (the API's own name filter is inexact, rule 35). */
  readonly name?: string
  readonly labels?: LabelFilter
  /** Names or ids. */
  readonly network?: string
  readonly volume?: string
  readonly ancestor?: string
  /** Running ones only; all of them when absent. */
  readonly running?: boolean
}

export interface NewContainer {
  readonly name: string
  /** `os/arch[/variant]`; the engine refuses an image of another one. */
  readonly platform?: string
  /** Config with HostConfig and NetworkingConfig. */
  readonly body: ApiBody
}

/**
 * Errors of every call: ENGINE_GONE, ENGINE_UNREACHABLE, INTERRUPTED when `signal` fires, and what `describeEngineError` knows.
 * A container, network or volume is found by its exact name or its full id, never by a prefix (rule 35).
 */
export interface ContainerCalls {
  list(filter?: ContainerFilter, options?: CallOptions): Promise<readonly ContainerSummary[]>
  /** undefined when there is none. */
  inspect(nameOrId: string, options?: CallOptions): Promise<Container | undefined>
  /** Errors: NAME_TAKEN, IMAGE_NOT_FOUND, IMAGE_WRONG_PLATFORM. */
  create(container: NewContainer): Promise<{ readonly id: string }>
  /** Errors: PORT_TAKEN, ADDRESS_POOL_EXHAUSTED, CONTAINER_NOT_FOUND, OPERATION_FAILED. */
  start(id: string): Promise<Done>
  /** `timeout` in seconds until it is killed; the container's own when absent. */
  stop(id: string, options?: CallOptions & { readonly timeout?: number }): Promise<DoneOrAbsent>
  kill(id: string, signal?: string): Promise<DoneOrAbsent>
  pause(id: string): Promise<Done>
  unpause(id: string): Promise<Done>
  rename(id: string, name: string): Promise<void>
  update(id: string, body: ApiBody): Promise<void>
  remove(id: string, options?: { readonly force?: boolean; readonly volumes?: boolean }): Promise<DoneOrAbsent>
  /** Waits until it has stopped (or is removed) and gives the exit code. */
  wait(id: string, options?: CallOptions & { readonly condition?: 'not-running' | 'removed' }): Promise<number>
  top(id: string): Promise<Top>
  /** The raw log stream, multiplexed unless the container has a TTY. Use `containerLogs`. */
  logs(id: string, query: ApiBody, options?: CallOptions): Promise<Readable>
  /** The raw stream of stats documents. Use `containerStats`. */
  stats(id: string, query: ApiBody, options?: CallOptions): Promise<Readable>
  /** A tar of `path` in the container. */
  getArchive(id: string, path: string, options?: CallOptions): Promise<Readable>
  /** Unpacks a tar below `path` in the container. */
  putArchive(id: string, path: string, tar: NodeJS.ReadableStream | Buffer): Promise<void>
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface ExecCalls {
  create(container: string, body: ApiBody): Promise<string>
  /** The command's streams, multiplexed unless `tty`. Ending the writable side closes its stdin. */
  start(exec: string, options: CallOptions & { readonly tty: boolean; readonly size?: TerminalSize }): Promise<Duplex>
  resize(exec: string, size: TerminalSize): Promise<void>
  inspect(exec: string): Promise<ExecState>
}

export interface NetworkCalls {
  list(filter?: { readonly labels?: LabelFilter; readonly name?: string }): Promise<readonly Network[]>
  inspect(nameOrId: string): Promise<Network | undefined>
  /** Gives the id. Errors: NAME_TAKEN, ADDRESS_POOL_EXHAUSTED. */
  create(body: ApiBody & { readonly Name: string }): Promise<string>
  /** Send the full endpoint config: the engine keeps nothing of an earlier connection (rule 34). */
  connect(network: string, container: string, endpoint?: ApiBody): Promise<void>
  disconnect(network: string, container: string): Promise<DoneOrAbsent>
  /** Errors: NETWORK_IN_USE (rule 33). */
  remove(network: string): Promise<DoneOrAbsent>
}

export interface VolumeCalls {
  list(filter?: { readonly labels?: LabelFilter; readonly name?: string }): Promise<readonly Volume[]>
  inspect(name: string): Promise<Volume | undefined>
  create(body: ApiBody & { readonly Name: string }): Promise<void>
  remove(name: string): Promise<DoneOrAbsent>
}

/** The value of the `X-Registry-Auth` header, from `registryAuth`; never log it. */
export type RegistryAuth = string

export interface ImageCalls {
  list(filter?: { readonly labels?: LabelFilter; readonly reference?: string }): Promise<readonly ImageSummary[]>
  inspect(reference: string): Promise<Image | undefined>
  tag(image: string, repository: string, tag: string): Promise<void>
  /** Untags, and deletes what nothing refers to any more; `already` when a container still uses it. */
  remove(image: string): Promise<DoneOrAbsent>
  /** What the registry has for a reference. Errors: REGISTRY_DENIED, REGISTRY_UNREACHABLE, IMAGE_NOT_FOUND. */
  distribution(reference: string, auth?: RegistryAuth): Promise<Distribution>
  /** The raw progress stream: 200 says nothing about success (rule 15). Use `pullImage`. */
  pull(query: ApiBody, options: CallOptions & { readonly auth?: RegistryAuth }): Promise<Readable>
}

export interface EventFilter {
  readonly type?: readonly ('container' | 'image' | 'network' | 'volume' | 'daemon')[]
  /** Actions: `start`, `die`, `health_status`, ... */
  readonly event?: readonly string[]
  readonly labels?: LabelFilter
}

/** One Docker engine, at the API version agreed on. The only way to it: nothing else knows dockerode. */
export interface Engine {
  readonly endpoint: Endpoint
  /** Negotiated, `1.41` to `1.51`. */
  readonly apiVersion: string
  ping(options?: CallOptions): Promise<void>
  version(): Promise<EngineVersion>
  info(): Promise<EngineInfo>
  /** Events from when the promise resolves until `signal` fires (a normal end) or the engine goes (ENGINE_GONE). Use `EventHub`. */
  events(filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>
  readonly containers: ContainerCalls
  readonly exec: ExecCalls
  readonly networks: NetworkCalls
  readonly volumes: VolumeCalls
  readonly images: ImageCalls
  /** Ends idle connections; streams in use go on. */
  close(): void
}
