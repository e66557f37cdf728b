import { DdalabError, toDdalabError } from '../errors.ts'
import type { DockerProvider, ObservedContainer } from '../providers/docker/index.ts'
import { imagesOf, type Release, releaseStore, rollbackPoints } from '../release/index.ts'
import type { Stack } from '../stack/model.ts'
import { mainVersion } from '../stack/version.ts'
import { createJournalStore } from '../state/index.ts'
import { addresses } from './addresses.ts'
import { leaseStore } from './lease.ts'
import { connect, type InstancePlace, locateInstance, type OpenInstance, openInstance } from './open.ts'
import type { CarriedOut, ChangeReport } from './run.ts'
import { type InstanceState, overallState, type ServiceState, serviceState, worstHealth } from './service-state.ts'
import { readLastCheck } from './update/last-check.ts'
import { noticeOf, type UpdateNotice } from './update/notice.ts'
import type { Target, World } from './world.ts'

export interface ContainerStatus {
  readonly id: string
  readonly name: string
  readonly state: ObservedContainer['state']
  readonly health: ObservedContainer['health']
  readonly restarts: number
  readonly startedAt: string | null
}

export interface ServiceStatus {
  readonly name: string
  readonly state: ServiceState
  readonly health: ObservedContainer['health']
  readonly image: string
  /** `repository@sha256:...`, or the image id where no registry knows the image; null when nothing runs. */
  readonly digest: string | null
  readonly containers: readonly ContainerStatus[]
  /** `0.0.0.0:443->443/tcp`. */
  readonly ports: readonly string[]
  /** The services that it starts after; none where the config cannot be read. */
  readonly dependsOn: readonly string[]
}

export interface Status {
  readonly instance: string
  readonly provider: 'docker'
  readonly version: string | null
  readonly state: InstanceState
  readonly services: readonly ServiceStatus[]
  /** Where to open it: `https://lab.example.org`. */
  readonly addresses: readonly string[]
  readonly release: { readonly id: string; readonly version: string; readonly deployedAt: string } | null
  readonly rollbackPoints: readonly string[]
  /** The change under way, or one that was interrupted and that the next command will finish. */
  readonly operation: { readonly command: string; readonly startedAt: string; readonly interrupted: boolean } | null
  /** What the last check for updates has found, as long as it is not installed. */
  readonly update: UpdateNotice | null
}

export interface FoundStatus {
  readonly status: Status
  readonly warnings: readonly string[]
}

/** What runs now. Works from the engine alone where the config cannot be read, and says so in a warning. */
export async function status(world: World, target: Target): Promise<FoundStatus> {
  const opening = openInstance(world, target).catch(toDdalabError)
  const provider = await connectTo(world, target, () => opening)
  try {
    return await statusThrough(world, target, provider, opening)
  } finally {
    await provider.close()
  }
}

/**
 * The engine of an instance; where there is none of either, that there is no instance is what is told. Errors as of `connect`,
 * and USAGE for a name that cannot be one.
 */
export async function connectTo(
  world: World,
  target: Target,
  opening: () => Promise<OpenInstance | DdalabError> = () => openInstance(world, target).catch(toDdalabError),
): Promise<DockerProvider> {
  locateInstance(world, target)
  return connect(world, target).catch(async (thrown) => {
    const open = await opening()
    throw isAbsent(open) ? open : thrown
  })
}

/** The same through an engine that is connected to already. */
export async function statusThrough(
  world: World,
  target: Target,
  provider: DockerProvider,
  opening: Promise<OpenInstance | DdalabError> = openInstance(world, target).catch(toDdalabError),
): Promise<FoundStatus> {
  const place = locateInstance(world, target)
  // The engine answers while the config is read.
  const [open, containers] = await Promise.all([opening, provider.containers(place.name)])
  if (!(open instanceof DdalabError)) {
    return { status: await readStatus(world, place, open.stack, provider, containers), warnings: open.warnings }
  }
  if (isAbsent(open)) throw open
  return {
    status: await readStatus(world, place, undefined, provider, containers),
    warnings: [`${open.message} The status is taken from the engine alone.`],
  }
}

function isAbsent(open: unknown): boolean {
  return open instanceof DdalabError && (open.code === 'CONFIG_NOT_FOUND' || open.code === 'INSTANCE_NOT_FOUND')
}

/** The report of a change with how things are afterwards, and the warnings of the config before its own. */
export async function withStatus(
  { report, containers }: CarriedOut,
  world: World,
  open: OpenInstance,
  provider: DockerProvider,
): Promise<ChangeReport> {
  const warned = { ...report, warnings: [...open.warnings, ...report.warnings] }
  if (report.outcome === 'planned' || report.outcome === 'declined') return warned
  const now = containers ?? (await provider.containers(open.name))
  // The change has ended, and held the lease until then.
  return { ...warned, status: await readStatus(world, open, open.stack, provider, now, null) }
}

async function readStatus(
  world: World,
  place: InstancePlace,
  stack: Stack | undefined,
  provider: DockerProvider,
  containers: readonly ObservedContainer[],
  operation: Status['operation'] | Promise<Status['operation']> = currentOperation(world, place),
): Promise<Status> {
  const [releases, underWay, lastCheck] = await Promise.all([
    releaseStore(place.paths.releases).kept(),
    operation,
    readLastCheck(place.paths),
  ])
  // As they were when it was released; the engine is asked for those of others.
  const digests = new Map(imagesOf(releases).map(({ imageId, digest = imageId }) => [imageId, digest]))
  const services = await serviceStatuses(
    stack,
    containers,
    async (imageId) => digests.get(imageId) ?? provider.imageDigest(imageId),
  )
  // What was destroyed is no longer released.
  const current = containers.length === 0 ? undefined : releases.at(-1)
  return {
    instance: place.name,
    provider: 'docker',
    version: current?.version ?? (stack === undefined ? null : mainVersion(stack)),
    state: overallState(services),
    services,
    addresses: stack === undefined ? [] : addresses(stack, containers),
    release: current === undefined ? null : summary(current),
    rollbackPoints: rollbackPoints(releases).map(({ id }) => id),
    operation: underWay,
    update: noticeOf(lastCheck, releases),
  }
}

function summary({ id, version, deployedAt }: Release): Status['release'] {
  return { id, version, deployedAt }
}

async function serviceStatuses(
  stack: Stack | undefined,
  containers: readonly ObservedContainer[],
  digestOf: (imageId: string) => Promise<string>,
): Promise<readonly ServiceStatus[]> {
  const names = new Set([...Object.keys(stack?.services ?? {}), ...containers.map(({ service }) => service)])
  const digests = await imageDigests(containers, digestOf)
  return [...names].sort().map((name) => {
    const own = containers.filter(({ service }) => service === name).sort((a, b) => a.number - b.number)
    const [first] = own
    return {
      name,
      state: serviceState(own),
      health: worstHealth(own),
      image: first?.image ?? stack?.services[name]?.image ?? '',
      digest: (first && digests.get(first.imageId)) ?? null,
      containers: own.map(({ id, name: container, state, health, restarts, startedAt }) => ({
        id,
        name: container,
        state,
        health,
        restarts,
        startedAt: startedAt ?? null,
      })),
      ports: own.flatMap(({ ports }) =>
        ports.map(({ ip, published, target, protocol }) => `${hostText(ip)}:${published}->${target}/${protocol}`),
      ),
      dependsOn: Object.keys(stack?.services[name]?.dependsOn ?? {}),
    }
  })
}

/** Services often share an image: each is asked about once. */
async function imageDigests(
  containers: readonly ObservedContainer[],
  digestOf: (imageId: string) => Promise<string>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(containers.map(({ imageId }) => imageId))
  return new Map(await Promise.all([...ids].map(async (id) => [id, await digestOf(id)] as const)))
}

const hostText = (ip: string) => (ip.includes(':') ? `[${ip}]` : ip)

/** The services, out of those asked about (none: all), that are not as a deployed one should be. */
export function ailing({ services }: Status, about: readonly string[] = []): readonly ServiceStatus[] {
  const chosen = services.filter(({ name }) => about.length === 0 || about.includes(name))
  return chosen.filter(({ state }) => state !== 'running' && state !== 'completed')
}

async function currentOperation(world: World, { paths }: InstancePlace): Promise<Status['operation']> {
  const [holder, unfinished] = await Promise.all([
    leaseStore(world, paths).current(),
    createJournalStore(paths.journal).unfinished(),
  ])
  if (holder !== undefined) return { command: holder.command, startedAt: holder.startedAt, interrupted: false }
  const begin = unfinished?.records.find(({ type }) => type === 'begin')
  if (begin?.type !== 'begin') return null
  return { command: begin.command, startedAt: begin.at, interrupted: true }
}
