import type { Config } from '../config/schema.ts'
import { checkNames } from './check-template.ts'
import { type Base, looksLikePath, parseSize, type Renderable, resolvePath } from './compose/index.ts'
import type { Mount, Network, Service, Volume } from './model.ts'

export interface OverrideContext {
  /** The main service, which `docker.image`, `docker.volumes` and `docker.environmentOverrides` are about. */
  readonly main: string
  /** Services that could be there (of other profiles, another ingress): what is said of them waits. */
  readonly waiting: readonly string[]
  readonly base: Base
  /** Variables of the config for the main service. */
  readonly variables: { readonly [name: string]: string }
  /** Volumes that could be there. */
  readonly volumeKeys: readonly string[]
}

/** The stack with what the config says over the template's Compose file. Errors: CONFIG_INVALID for services that are not there. */
export function applyOverrides(stack: Renderable, config: Config, context: OverrideContext): Renderable {
  const known = [...Object.keys(stack.services), ...context.waiting]
  checkNames('images', Object.keys(config.images ?? {}), known)
  checkNames('resources', Object.keys(config.resources ?? {}), known)
  const mounts = Object.entries(config.docker?.volumes ?? {}).map(([source, target]) =>
    mountOf(source, target, context.base),
  )
  const networks = config.docker?.networks ?? []
  const services = Object.fromEntries(
    Object.entries(stack.services).map(([name, service]) => {
      const placed = { ...service, mounts: service.mounts.map((mount) => inFolder(mount, config)) }
      const own = name === context.main ? mainOverrides(placed, config, mounts, context) : placed
      return [name, commonOverrides(onNetworks(own, networks), config)] as const
    }),
  )
  return withoutUnused({
    ...stack,
    services,
    volumes: existingVolumes({ ...stack.volumes, ...newVolumes(Object.values(services), stack) }, config, context),
    networks: { ...stack.networks, ...newNetworks(networks, stack) },
  })
}

function mainOverrides(
  service: Service,
  { docker }: Config,
  mounts: readonly Mount[],
  { variables }: OverrideContext,
): Service {
  const overrides = Object.entries(docker?.environmentOverrides ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  )
  const targets = mounts.map(({ target }) => target)
  return {
    ...service,
    image: docker?.image ?? service.image,
    environment: { ...service.environment, ...variables, ...Object.fromEntries(overrides) },
    mounts: [...service.mounts.filter(({ target }) => !targets.includes(target)), ...mounts],
  }
}

function commonOverrides(service: Service, { images, resources }: Config): Service {
  const limits = resources?.[service.name]
  const memory = limits?.memory === undefined ? undefined : parseSize(String(limits.memory))
  return {
    ...service,
    image: images?.[service.name] ?? service.image,
    resources: {
      ...service.resources,
      ...(limits?.cpus !== undefined && { cpus: limits.cpus }),
      ...(memory !== undefined && { memory }),
    },
  }
}

/** `docker.networks` stand in the place of the network `default`. */
function onNetworks(service: Service, networks: readonly string[]): Service {
  const { default: standard, ...others } = service.networks
  if (standard === undefined || networks.length === 0) return service
  return { ...service, networks: { ...Object.fromEntries(networks.map((key) => [key, standard])), ...others } }
}

function mountOf(source: string, target: string, base: Base): Mount {
  if (!looksLikePath(source)) return { type: 'volume', source, target, readOnly: false, noCopy: false }
  // Rule 39: a folder that is not there is an error, not a folder that root owns.
  return { type: 'bind', source: resolvePath(source, base), target, readOnly: false, createHostPath: false }
}

function newVolumes(
  services: readonly Service[],
  { project, volumes }: Renderable,
): { readonly [key: string]: Volume } {
  const keys = services.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.type === 'volume' && mount.source !== undefined ? [mount.source] : [])),
  )
  return Object.fromEntries(
    keys
      .filter((key) => volumes[key] === undefined)
      .map((key) => [key, { name: `${project}_${key}`, external: false, driverOpts: {}, labels: {} }]),
  )
}

/** The user's own volumes: used as they are, never made and never removed, as Compose does with external ones. */
function existingVolumes(
  volumes: { readonly [key: string]: Volume },
  { docker }: Config,
  { volumeKeys }: OverrideContext,
): { readonly [key: string]: Volume } {
  const names = Object.entries(docker?.volumeNames ?? {})
  const known = [...new Set([...Object.keys(volumes), ...volumeKeys])]
  checkNames(
    'docker.volumeNames',
    names.map(([key]) => key),
    known,
  )
  const existing = names
    .filter(([, name]) => !looksLikePath(name))
    .map(([key, name]) => [key, { name, external: true, driverOpts: {}, labels: {} }] as const)
  return { ...volumes, ...Object.fromEntries(existing) }
}

/** A folder of the host in the place of a volume: databases that were always kept in one. */
function inFolder(mount: Mount, { docker }: Config): Mount {
  const folder = mount.type === 'volume' ? docker?.volumeNames?.[mount.source ?? ''] : undefined
  if (mount.type !== 'volume' || folder === undefined || !looksLikePath(folder)) return mount
  return { type: 'bind', source: folder, target: mount.target, readOnly: mount.readOnly, createHostPath: false }
}

function newNetworks(keys: readonly string[], { project, networks }: Renderable): { readonly [key: string]: Network } {
  const made = (key: string): Network => ({
    name: `${project}_${key}`,
    external: false,
    driverOpts: {},
    internal: false,
    attachable: false,
    enableIpv6: false,
    labels: {},
    subnets: [],
  })
  return Object.fromEntries(keys.filter((key) => networks[key] === undefined).map((key) => [key, made(key)]))
}

/** What an override replaced is not declared either; the volume itself and its data stay where they are. */
function withoutUnused(stack: Renderable): Renderable {
  const services = Object.values(stack.services)
  const networks = new Set(services.flatMap((service) => Object.keys(service.networks)))
  const volumes = new Set(
    services.flatMap(({ mounts }) => mounts.map((mount) => (mount.type === 'volume' ? mount.source : undefined))),
  )
  return {
    ...stack,
    networks: Object.fromEntries(Object.entries(stack.networks).filter(([key]) => networks.has(key))),
    volumes: Object.fromEntries(Object.entries(stack.volumes).filter(([key]) => volumes.has(key))),
  }
}
