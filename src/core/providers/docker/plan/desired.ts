import { createHash } from 'node:crypto'
import type { Service, Stack } from '../../../stack/model.ts'
import { serviceHash } from '../../../stack/spec-hash.ts'
import type { Observation, ObservedContainer } from '../observation.ts'
import { judge, type Verdict, type Wanted } from './verdict.ts'

/** One container that the stack wants: service and replica number, with what is there in its place and the verdict on that. */
export interface DesiredContainer {
  readonly key: string
  readonly number: number
  /** Its final name: `<project>-<service>-<n>`, or the one the stack gives it. */
  readonly name: string
  readonly service: Service
  readonly existing: ObservedContainer | undefined
  readonly verdict: Verdict
}

/** Every container the stack wants, in dependency order, judged. */
export function desiredContainers(stack: Stack, observation: Observation): readonly DesiredContainer[] {
  const judged = new Map<string, DesiredContainer[]>()
  for (const service of inDependencyOrder(stack)) {
    const wanted: Wanted = { service, ...serviceHash(stack, service), ...imageAndRole(stack, service, observation) }
    const containers = Array.from({ length: service.replicas }, (_, index) =>
      judgeOne(stack, wanted, index + 1, observation),
    )
    judged.set(service.name, withParents(service, containers, judged))
  }
  return [...judged.values()].flat()
}

function judgeOne(stack: Stack, wanted: Wanted, number: number, observation: Observation): DesiredContainer {
  const { service } = wanted
  const name = service.containerName ?? `${stack.project}-${service.name}-${number}`
  const existing = observation.containers.find(
    (container) => container.service === service.name && container.number === number && !isTemporary(container),
  )
  return { key: `${service.name}-${number}`, number, name, service, existing, verdict: judge(wanted, existing) }
}

function imageAndRole(stack: Stack, service: Service, observation: Observation): Pick<Wanted, 'imageId' | 'oneShot'> {
  const { images, registryDigests } = observation
  // The image in hand is not the wanted one: no container has the digest of the registry as its image id.
  const imageId = isOutdated(observation, service.image) ? registryDigests[service.image] : images[service.image]?.id
  return { imageId, oneShot: isOneShot(stack, service.name) }
}

/** The registry has another digest for a reference than the engine. */
export function isOutdated({ images, registryDigests }: Observation, reference: string): boolean {
  const remote = registryDigests[reference]
  return remote !== undefined && !images[reference]?.repoDigests.some((digest) => digest.endsWith(`@${remote}`))
}

/** Rule 26: a service whose end another one waits for. */
export function isOneShot(stack: Stack, service: string): boolean {
  return Object.values(stack.services).some(
    ({ dependsOn }) => dependsOn[service]?.condition === 'service_completed_successfully',
  )
}

/** Rule 37: who shares the network or the volumes of a container is recreated with it. */
function withParents(
  service: Service,
  containers: DesiredContainer[],
  judged: ReadonlyMap<string, readonly DesiredContainer[]>,
): DesiredContainer[] {
  const parent = parentsOf(service).find((name) =>
    judged.get(name)?.some(({ verdict }) => verdict.kind === 'recreate' || verdict.kind === 'create'),
  )
  if (parent === undefined) return containers
  return containers.map((container) =>
    container.existing === undefined || container.verdict.kind === 'recreate'
      ? container
      : { ...container, verdict: { kind: 'recreate', cause: `${parent}, which it is attached to, is recreated` } },
  )
}

/** Services whose containers this one is attached to: `network_mode: service:x` and `volumes_from`. */
export function parentsOf(service: Service): string[] {
  const network = service.networkMode?.startsWith('service:') ? [service.networkMode.slice('service:'.length)] : []
  const volumes = service.volumesFrom
    .filter((source) => !source.startsWith('container:'))
    .map((source) => source.split(':')[0] ?? source)
  return [...network, ...volumes]
}

/** The order in which services start; those that depend on nothing first, otherwise by name. */
export function inDependencyOrder(stack: Stack): readonly Service[] {
  const seen = new Set<string>()
  const ordered: Service[] = []
  const visit = (name: string): void => {
    const service = stack.services[name]
    if (service === undefined || seen.has(name)) return
    seen.add(name)
    for (const other of [...Object.keys(service.dependsOn), ...parentsOf(service)].sort()) visit(other)
    ordered.push(service)
  }
  for (const name of Object.keys(stack.services).sort()) visit(name)
  return ordered
}

/** The name a container bears while it replaces another: `<first 12 of the old id>_<final name>`, as Compose does it. */
export function temporaryName(oldId: string, name: string): string {
  return `${shortId(oldId)}_${name}`
}

/** The engine's DNS knows every container by this name. */
export function shortId(id: string): string {
  return id.slice(0, 12)
}

/** A name of its own for the container that replaces another, known before it exists. */
export function nextName(oldId: string): string {
  return `next-${shortId(oldId)}`
}

/** Rule 2: a container left over from an interrupted replacement. */
export function isTemporary(container: { readonly name: string }): boolean {
  return /^[0-9a-f]{12}_/.test(container.name)
}

/**
 * Hash of the observation and the stack that a plan was made from (rule 43). Health and times change by themselves and are
 * left out, as are the networks and volumes of others.
 */
export function fingerprint(stack: Stack, observation: Observation): string {
  const services = Object.values(stack.services).map((service) => [
    service.name,
    service.replicas,
    serviceHash(stack, service).hash,
  ])
  const containers = observation.containers.map(({ id, name, state, imageId }) => [id, name, state, imageId])
  const images = Object.entries(observation.images).map(([reference, image]) => [reference, image?.id ?? null])
  const data = [
    services,
    containers.sort(),
    images.sort(),
    namesOf(stack.networks, observation.networks),
    namesOf(stack.volumes, observation.volumes),
    Object.entries(observation.files).sort(),
    Object.entries(observation.registryDigests).sort(),
  ]
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)
}

/** The names that the stack uses, of what is there. */
function namesOf(
  wanted: Stack['networks'] | Stack['volumes'],
  observed: readonly { readonly name: string }[],
): readonly string[] {
  const names = new Set(Object.values(wanted).map(({ name }) => name))
  return observed
    .map(({ name }) => name)
    .filter((name) => names.has(name))
    .sort()
}
