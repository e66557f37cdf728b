import type { Problem } from '../../../errors.ts'
import type { Port, Service, Stack } from '../../../stack/model.ts'
import { COMPOSE } from '../labels.ts'
import type { Observation, ObservedPort } from '../observation.ts'
import type { DesiredContainer } from './desired.ts'

/** Everything that would make the plan fail half-way, found before it starts. */
export function preflight(stack: Stack, observation: Observation, desired: readonly DesiredContainer[]): Problem[] {
  return [
    ...otherOwner(stack, observation),
    ...sharedData(stack, observation),
    ...takenNames(stack, observation, desired),
    ...takenPorts(stack, observation),
    ...privilegedPorts(stack, observation),
    ...missingBinds(observation),
    ...missingExternals(stack, observation),
    ...changedVolumes(stack, observation),
    ...changedNetworks(stack, observation),
    ...wrongPlatforms(stack, observation),
    ...absentImages(stack, observation),
  ]
}

/**
 * Rule 1: containers of this project's name that were deployed from another directory belong to somebody else, however
 * equal the names are: nothing of theirs is replaced, stopped or removed.
 */
export function otherOwner(stack: Stack, { containers, takenOver }: Observation): Problem[] {
  const stranger = containers.find(({ labels }) => {
    const directory = labels[COMPOSE.workingDir]
    return directory !== undefined && directory !== stack.workingDir && directory !== takenOver?.workingDir
  })
  if (stranger === undefined) return []
  return [
    {
      code: 'NAME_TAKEN',
      message: `The containers of "${stack.project}" on this engine were deployed from another directory: ${stranger.labels[COMPOSE.workingDir]}.`,
      hint: 'Give your instance another name with -i NAME, work on theirs with the --config-dir that it was made with, or take them over with "ddalab import".',
    },
  ]
}

/** Rule 8, across projects: two servers on the data of one would destroy it. */
function sharedData(stack: Stack, { foreign }: Observation): Problem[] {
  return Object.values(stack.services)
    .filter(({ singleWriter }) => singleWriter)
    .flatMap((service) => {
      const sources = dataSources(stack, service)
      const holder = foreign.find(({ running, mounts }) => running && mounts.some((one) => sources.includes(one)))
      if (holder === undefined) return []
      return [
        {
          code: 'VOLUME_IN_USE' as const,
          message: `The data of service "${service.name}" is in use by the container "${holder.name}": it takes one writer at a time.`,
          hint: `Stop it first, for good: docker update --restart=no ${holder.name} && docker stop ${holder.name}`,
        },
      ]
    })
}

/** Where the data of a service is: names of volumes, folders of the host. */
export function dataSources(stack: Stack, { mounts }: Service): readonly string[] {
  return mounts.flatMap((mount) => {
    if (mount.type === 'bind') return mount.readOnly ? [] : [mount.source]
    return mount.type === 'volume' && mount.source !== undefined
      ? [stack.volumes[mount.source]?.name ?? mount.source]
      : []
  })
}

/** Rule 1: a container name that another project owns is never taken away from it. */
function takenNames(stack: Stack, observation: Observation, desired: readonly DesiredContainer[]): Problem[] {
  const names = new Set(desired.map(({ name }) => name))
  return observation.foreign
    .filter(({ name }) => names.has(name))
    .map(({ name, project }) => ({
      code: 'NAME_TAKEN',
      message: `The container name "${name}" is taken by ${project === undefined ? 'a container outside any project' : `project "${project}"`}.`,
      hint: `Rename or remove that container, or deploy "${stack.project}" under another instance name.`,
    }))
}

/** Rules 5 and 7: a host port in use is found before anything stops, and its holder is named. */
function takenPorts(stack: Stack, observation: Observation): Problem[] {
  return publishedPorts(stack).flatMap(({ service, port }): Problem[] => {
    const container = observation.foreign.find(
      ({ running, ports }) => running && ports.some((held) => collides(port, held)),
    )
    const process = observation.portHolders.find(({ port: held }) => samePort(held, port))
    if (container === undefined && process === undefined) return []
    const holder =
      container === undefined ? (process?.holder ?? 'another process') : `the container "${container.name}"`
    return [
      {
        code: 'PORT_TAKEN',
        message: `Port ${port.published}/${port.protocol}, which service "${service.name}" publishes, is held by ${holder}.`,
        hint: `Stop ${holder}, or give "${service.name}" another port in the configuration.`,
      },
    ]
  })
}

/** Rule 52: a rootless engine may not bind low ports. */
function privilegedPorts(stack: Stack, observation: Observation): Problem[] {
  const { lowestPort = 0 } = observation.engine ?? {}
  return publishedPorts(stack)
    .filter(({ port }) => Number(port.published) < lowestPort)
    .map(({ service, port }) => ({
      code: 'PORT_PRIVILEGED',
      message: `This rootless engine may not bind port ${port.published} of service "${service.name}": ports below ${lowestPort} are reserved.`,
      hint: `Use a port from ${lowestPort} up, or allow it with: sysctl net.ipv4.ip_unprivileged_port_start=${port.published}`,
    }))
}

/** Rule 39: the engine would create a missing bind source as an empty directory owned by root. */
function missingBinds(observation: Observation): Problem[] {
  return observation.missingBindSources.map((source) => ({
    code: 'BIND_SOURCE_MISSING',
    message: `The bind mount source "${source}" does not exist on this host.`,
    hint: 'Create it, or correct the path in the configuration.',
  }))
}

function missingExternals(stack: Stack, observation: Observation): Problem[] {
  const networks = new Set(observation.networks.map(({ name }) => name))
  const volumes = new Set(observation.volumes.map(({ name }) => name))
  const missing = (kind: string, name: string): Problem => ({
    code: 'PRECONDITION_FAILED',
    message: `The external ${kind} "${name}" does not exist.`,
    hint: `Create it with: docker ${kind} create ${name}`,
  })
  return [
    ...Object.values(stack.networks)
      .filter(({ external, name }) => external && !networks.has(name))
      .map(({ name }) => missing('network', name)),
    ...Object.values(stack.volumes)
      .filter(({ external, name }) => external && !volumes.has(name))
      .map(({ name }) => missing('volume', name)),
  ]
}

/** Rule 11: another driver or other options would mean another, empty volume. */
function changedVolumes(stack: Stack, observation: Observation): Problem[] {
  return Object.values(stack.volumes).flatMap((volume): Problem[] => {
    const existing = observation.volumes.find(({ name }) => name === volume.name)
    if (existing === undefined || volume.external) return []
    const sameDriver = (volume.driver ?? 'local') === existing.driver
    if (sameDriver && sameEntries(volume.driverOpts, existing.options)) return []
    return [
      {
        code: 'VOLUME_CHANGED',
        message: `The volume "${volume.name}" exists with another driver or other options; changing them would lose its data.`,
        hint: 'Give the volume a new name in the configuration and copy the data over, or restore its former driver and options.',
      },
    ]
  })
}

/** A network can only be changed by disconnecting everybody from it, the containers of others included (rule 33). */
function changedNetworks(stack: Stack, observation: Observation): Problem[] {
  return Object.values(stack.networks).flatMap((network): Problem[] => {
    const existing = observation.networks.find(({ name }) => name === network.name)
    if (existing === undefined || network.external) return []
    if ((network.driver ?? existing.driver) === existing.driver && network.internal === existing.internal) return []
    return [
      {
        code: 'NETWORK_IN_USE',
        message: `The network "${network.name}" exists with another driver or another "internal" setting.`,
        hint: `Remove it first (ddalab destroy keeps all volumes), or give the network a new name. Its owner is project "${existing.labels[COMPOSE.project] ?? 'unknown'}".`,
      },
    ]
  })
}

/** Rule 20: an image of another platform is refused; emulation only where the service asks for that platform. */
function wrongPlatforms(stack: Stack, observation: Observation): Problem[] {
  const { engine } = observation
  if (engine === undefined) return []
  return Object.values(stack.services).flatMap((service): Problem[] => {
    const image = observation.images[service.image]
    if (image === null || image === undefined || service.platform !== undefined) return []
    if (image.os === engine.os && image.architecture === engine.architecture) return []
    return [wrongPlatform(service, image, engine)]
  })
}

export function wrongPlatform(
  service: { readonly name: string; readonly image: string },
  image: { readonly os: string; readonly architecture: string },
  engine: { readonly os: string; readonly architecture: string },
): Problem {
  return {
    code: 'IMAGE_WRONG_PLATFORM',
    message: `The image "${service.image}" of service "${service.name}" is for ${image.os}/${image.architecture}; this engine runs ${engine.os}/${engine.architecture}.`,
    hint: `Use an image for ${engine.os}/${engine.architecture}, or ask for emulation with "platform: ${image.os}/${image.architecture}".`,
  }
}

function absentImages(stack: Stack, observation: Observation): Problem[] {
  return Object.values(stack.services)
    .filter(({ pullPolicy, image }) => pullPolicy === 'never' && observation.images[image] === null)
    .map(({ name, image }) => ({
      code: 'IMAGE_NOT_FOUND',
      message: `The image "${image}" of service "${name}" is not on this engine, and its pull policy is "never".`,
      hint: 'Build or load the image, or allow it to be pulled.',
    }))
}

/** Ports with a fixed host port; ranges and engine-chosen ports collide only at start. */
function publishedPorts(stack: Stack): { readonly service: Service; readonly port: Port }[] {
  return Object.values(stack.services).flatMap((service) =>
    service.ports
      .filter(({ published }) => published !== undefined && /^\d+$/.test(published))
      .map((port) => ({ service, port })),
  )
}

const isWildcard = (ip: string | undefined) => ip === undefined || ip === '' || ip === '0.0.0.0' || ip === '::'

/** The fixed host port of the stack that a container holds; undefined: none of them. */
export function heldPort(stack: Stack, container: { readonly ports: readonly ObservedPort[] }): string | undefined {
  return publishedPorts(stack).find(({ port }) => container.ports.some((held) => collides(port, held)))?.port.published
}

/** Rule 7: same port and protocol, and either address unset or both equal. */
function collides(port: Port, held: ObservedPort): boolean {
  if (held.published !== Number(port.published) || held.protocol !== port.protocol) return false
  return isWildcard(port.hostIp) || isWildcard(held.ip) || port.hostIp === held.ip
}

function samePort(a: Port, b: Port): boolean {
  return a.published === b.published && a.protocol === b.protocol && (a.hostIp ?? '') === (b.hostIp ?? '')
}

function sameEntries(a: { readonly [key: string]: string }, b: { readonly [key: string]: string }): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => a[key] === b[key])
}
