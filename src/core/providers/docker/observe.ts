import type { Port, Stack } from '../../stack/model.ts'
import { type ContainerSummary, type Engine, isLocal } from './client/index.ts'
import { fileTexts, heldPorts, missingPaths } from './host.ts'
import { COMPOSE } from './labels.ts'
import type {
  EngineFacts,
  ForeignContainer,
  Observation,
  ObservedContainer,
  ObservedImage,
  TakenOver,
} from './observation.ts'
import { foreignContainer, observedContainer, observedImage } from './observed.ts'

/** What there is on an engine, whoever made it, and the containers of one project; asked for at once. */
export interface Listing {
  readonly containers: Promise<readonly ContainerSummary[]>
  readonly own: Promise<readonly ObservedContainer[]>
  readonly networks: ReturnType<Engine['networks']['list']>
  readonly volumes: ReturnType<Engine['volumes']['list']>
}

export function listAll(engine: Engine, project: string): Listing {
  const containers = engine.containers.list()
  return {
    containers,
    own: containers.then((all) => observeContainers(engine, all.filter(isOf(project)))),
    networks: engine.networks.list(),
    volumes: engine.volumes.list(),
  }
}

function isOf(project: string): (container: ContainerSummary) => boolean {
  return ({ Labels }) => Labels[COMPOSE.project] === project
}

export interface LookOptions {
  /** Ask the registries for the digests of the stack's images as well. */
  readonly pull: boolean
  readonly takenOver?: TakenOver | undefined
  /** What `lookAhead` has asked for a moment ago, of the stack's project. */
  readonly ahead?: Listing | undefined
  /** Look at what runs only: what the engine could run is not asked. */
  readonly onlyRunning?: boolean
}

export interface ObserveOptions {
  /** Of the stack's project. */
  readonly listing: Listing
  /** Of the engine; it takes longer to tell them than all else. Absent where only what runs is looked at. */
  readonly facts?: Promise<EngineFacts> | undefined
  /** What an import made ours; passed on to the planner. */
  readonly takenOver?: TakenOver | undefined
  /** Asks the registry for the digest of a reference; absent where the plan should not look. */
  readonly registryDigest?: (reference: string) => Promise<string>
}

/** Reads what is there: the engine, the project's containers, networks, volumes, images, and the host around them. */
export async function observe(engine: Engine, stack: Stack, options: ObserveOptions): Promise<Observation> {
  const { listing } = options
  const [facts, summaries, containers, networks, volumes, images, registryDigests, files] = await Promise.all([
    options.facts,
    listing.containers,
    listing.own,
    listing.networks,
    listing.volumes,
    observeImages(engine, stack),
    observeRegistry(stack, options),
    fileTexts(
      stack.workingDir,
      stack.files.map(({ path }) => path),
    ),
  ])
  const local = isLocal(engine.endpoint)
  const isOwn = isOf(stack.project)
  const own = summaries.filter(isOwn)
  const foreign = summaries.filter((summary) => !isOwn(summary)).map(foreignContainer)
  const [portHolders, missingBindSources] = await Promise.all([
    local ? unexplainedPorts(stack, own, foreign) : [],
    local ? missingPaths(bindSources(stack)) : [],
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
