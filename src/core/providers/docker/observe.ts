import type { Port, Stack } from '../../stack/model.ts'
import { type Container, type ContainerSummary, type Engine, type Image, isLocal } from './client/index.ts'
import { fileHashes, heldPorts, missingPaths } from './host.ts'
import { COMPOSE } from './labels.ts'
import type {
  ContainerState,
  EngineFacts,
  ForeignContainer,
  HealthState,
  Observation,
  ObservedContainer,
  ObservedImage,
  ObservedPort,
  TakenOver,
} from './observation.ts'

/** What there is on an engine, whoever made it; asked for at once. */
export interface Listing {
  readonly containers: Promise<readonly ContainerSummary[]>
  readonly networks: ReturnType<Engine['networks']['list']>
  readonly volumes: ReturnType<Engine['volumes']['list']>
}

export function listAll(engine: Engine): Listing {
  return { containers: engine.containers.list(), networks: engine.networks.list(), volumes: engine.volumes.list() }
}

export interface ObserveOptions {
  readonly listing: Listing
  /** Of the engine; it takes its time to tell them. */
  readonly facts: Promise<EngineFacts>
  /** What an import made ours; passed on to the planner. */
  readonly takenOver?: TakenOver | undefined
  /** Asks the registry for the digest of a reference; absent where the plan should not look. */
  readonly registryDigest?: (reference: string) => Promise<string>
}

/** Reads what is there: the engine, the project's containers, networks, volumes, images, and the host around them. */
export async function observe(engine: Engine, stack: Stack, options: ObserveOptions): Promise<Observation> {
  const { listing } = options
  const isOwn = ({ Labels }: ContainerSummary) => Labels[COMPOSE.project] === stack.project
  const [facts, summaries, containers, networks, volumes, images, registryDigests, files] = await Promise.all([
    options.facts,
    listing.containers,
    listing.containers.then((all) => observeContainers(engine, all.filter(isOwn))),
    listing.networks,
    listing.volumes,
    observeImages(engine, stack),
    observeRegistry(stack, options),
    fileHashes(
      stack.workingDir,
      stack.files.map(({ path }) => path),
    ),
  ])
  const own = summaries.filter(isOwn)
  const foreign = summaries.filter((summary) => !isOwn(summary)).map(foreignContainer)
  const [portHolders, missingBindSources] = await Promise.all([
    facts.local ? unexplainedPorts(stack, own, foreign) : [],
    facts.local ? missingPaths(bindSources(stack)) : [],
  ])
  return {
    engine: facts,
    containers,
    foreign,
    networks: networks.map(({ Id, Name, Driver, Internal, Labels }) => ({
      id: Id,
      name: Name,
      driver: Driver,
      internal: Internal,
      labels: Labels,
    })),
    volumes: volumes.map(({ Name, Driver, Options, Labels }) => ({
      name: Name,
      driver: Driver,
      options: Options,
      labels: Labels,
    })),
    images,
    registryDigests,
    portHolders,
    missingBindSources,
    files,
    takenOver: options.takenOver,
  }
}

/** The project's containers alone: what `status` needs. One-off containers (`compose run`) are none of ours. */
export async function observeProject(engine: Engine, project: string): Promise<readonly ObservedContainer[]> {
  return observeContainers(engine, await engine.containers.list({ labels: { [COMPOSE.project]: project } }))
}

async function observeContainers(
  engine: Engine,
  summaries: readonly ContainerSummary[],
): Promise<readonly ObservedContainer[]> {
  const services = summaries.filter(({ Labels }) => Labels[COMPOSE.oneOff] !== 'True')
  const inspected = await Promise.all(services.map(({ Id }) => engine.containers.inspect(Id)))
  // A container may go between the list and the look.
  return inspected.flatMap((container) => (container === undefined ? [] : [observedContainer(container)]))
}

export function observedContainer(container: Container): ObservedContainer {
  const { State, Config, HostConfig, NetworkSettings } = container
  const started = !State.StartedAt.startsWith('0001-') && State.StartedAt !== ''
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    service: Config.Labels[COMPOSE.service] ?? '',
    number: Number(Config.Labels[COMPOSE.number] ?? 1),
    state: containerState(State.Status),
    health: healthState(container),
    exitCode: State.ExitCode,
    restarts: container.RestartCount,
    ...(started && { startedAt: State.StartedAt }),
    image: Config.Image,
    imageId: container.Image,
    restartPolicy: {
      name: HostConfig.RestartPolicy.Name || 'no',
      maximumRetryCount: HostConfig.RestartPolicy.MaximumRetryCount,
    },
    ports: Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) => publishedPorts(port, bindings)),
    mounts: container.Mounts.map(({ Type, Name, Source, Destination }) => ({
      type: Type,
      ...(Name !== undefined && { name: Name }),
      source: Source,
      target: Destination,
    })),
    networks: Object.keys(NetworkSettings.Networks),
    labels: Config.Labels,
  }
}

/** The engine's default number of failed checks that make a container unhealthy. */
const RETRIES = 3

/**
 * What its checks say. A container that stood still is called unhealthy by the engine until its next check, which may be half a
 * minute away: with fewer failures in a row than it takes, the last check counts.
 */
function healthState({ State: { Health }, Config }: Container): HealthState {
  const isMemory = Health?.Status === 'unhealthy' && Health.FailingStreak < (Config.Healthcheck?.Retries || RETRIES)
  if (isMemory) return Health.Log.at(-1)?.ExitCode === 0 ? 'healthy' : 'starting'
  const status = Health?.Status
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none'
}

function publishedPorts(port: string, bindings: readonly { HostIp: string; HostPort: string }[]): ObservedPort[] {
  const [target, protocol = 'tcp'] = port.split('/')
  return bindings.map(({ HostIp, HostPort }) => ({
    ip: HostIp,
    published: Number(HostPort),
    target: Number(target),
    protocol,
  }))
}

function foreignContainer({ Id, Names, Labels, State, Ports, Mounts }: ContainerSummary): ForeignContainer {
  const project = Labels[COMPOSE.project]
  return {
    id: Id,
    name: (Names[0] ?? Id).replace(/^\//, ''),
    ...(project !== undefined && { project }),
    running: State === 'running',
    mounts: Mounts.map(({ Name, Source }) => Name ?? Source),
    ports: Ports.flatMap(({ IP, PrivatePort, PublicPort, Type }) =>
      PublicPort === undefined ? [] : [{ ip: IP ?? '', published: PublicPort, target: PrivatePort, protocol: Type }],
    ),
  }
}

export async function engineFacts(engine: Engine): Promise<EngineFacts> {
  const [version, info] = await Promise.all([engine.version(), engine.info()])
  const rootless = info.SecurityOptions.some((option) => option.includes('name=rootless'))
  return {
    version: version.Version,
    apiVersion: engine.apiVersion,
    os: version.Os,
    architecture: version.Arch,
    rootless,
    local: isLocal(engine.endpoint),
    lowestPort: rootless ? 1024 : 0,
    cpus: info.NCPU,
  }
}

export function observedImage({ Id, RepoDigests, Os, Architecture }: Image): ObservedImage {
  return { id: Id, repoDigests: RepoDigests, os: Os, architecture: Architecture }
}

async function observeImages(engine: Engine, stack: Stack): Promise<Observation['images']> {
  const observed = await Promise.all(
    references(stack).map(async (reference): Promise<[string, ObservedImage | null]> => {
      const image = await engine.images.inspect(reference)
      if (image === undefined) return [reference, null]
      return [reference, observedImage(image)]
    }),
  )
  return Object.fromEntries(observed)
}

async function observeRegistry(
  stack: Stack,
  { registryDigest }: ObserveOptions,
): Promise<Observation['registryDigests']> {
  if (registryDigest === undefined) return {}
  const pullable = references(stack, (policy) => policy !== 'never')
  return Object.fromEntries(
    await Promise.all(pullable.map(async (reference) => [reference, await registryDigest(reference)] as const)),
  )
}

function references(stack: Stack, wanted: (pullPolicy: string) => boolean = () => true): readonly string[] {
  const services = Object.values(stack.services).filter(({ pullPolicy }) => wanted(pullPolicy))
  return [...new Set(services.map(({ image }) => image))]
}

function bindSources(stack: Stack): readonly string[] {
  const generated = stack.files.map(({ path }) => `${stack.workingDir}/${path}`)
  const sources = Object.values(stack.services).flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.type === 'bind' ? [mount.source] : [])),
  )
  // What we are about to write, or a directory that holds it, need not exist yet.
  return [...new Set(sources)].filter(
    (source) => !generated.some((path) => path === source || path.startsWith(`${source}/`)),
  )
}

/** Ports of the stack that are taken, but by no container that we see: a process of the host holds them. */
async function unexplainedPorts(
  stack: Stack,
  own: readonly ContainerSummary[],
  foreign: readonly ForeignContainer[],
): Promise<Observation['portHolders']> {
  const explained = new Set([
    ...own.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort)),
    ...foreign.flatMap(({ ports }) => ports.map(({ published }) => published)),
  ])
  const wanted: Port[] = Object.values(stack.services)
    .flatMap(({ ports }) => ports)
    .filter(({ published }) => published !== undefined && /^\d+$/.test(published))
  return heldPorts(wanted.filter(({ published }) => !explained.has(Number(published))))
}

const STATES: readonly ContainerState[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']

/** A state that the API may add later is treated as running: it is left alone. */
function containerState(status: string): ContainerState {
  return STATES.find((state) => state === status) ?? 'running'
}
