import type { Mount, Network, Port, Volume } from '../stack/model.ts'
import { plainService } from '../stack/service-defaults.ts'
import { note, type Source, type SourceService } from './source.ts'

/** A container as the engine describes it, in plain words. */
export interface SourceContainer {
  readonly name: string
  readonly service: string
  readonly image: string
  /** Variables of the container, those of its image left out. */
  readonly environment: { readonly [name: string]: string }
  readonly command?: readonly string[]
  readonly labels: { readonly [name: string]: string }
  readonly ports: readonly {
    readonly target: number
    readonly published: string
    readonly hostIp: string
    readonly protocol: string
  }[]
  readonly mounts: readonly {
    readonly type: string
    readonly name?: string
    readonly source: string
    readonly target: string
    readonly readOnly: boolean
  }[]
  readonly networks: readonly string[]
  /** CPUs; undefined: no limit. */
  readonly cpus?: number
  /** Bytes; undefined: no limit. */
  readonly memory?: number
}

/** The project that these containers are, where its files cannot be had. Services with several containers count once. */
export function readContainers(project: string, containers: readonly SourceContainer[]): Source {
  const first = new Map(containers.toReversed().map((container) => [container.service, container]))
  const all = [...first.values()]
  return {
    project,
    services: Object.fromEntries(all.map((container) => [container.service, sourceService(project, container)])),
    networks: Object.fromEntries(
      all.flatMap(({ networks }) => networks).map((name) => [keyOf(project, name), networkNamed(name)]),
    ),
    volumes: Object.fromEntries(
      all
        .flatMap(({ mounts }) => mounts.flatMap(({ name }) => (name === undefined ? [] : [name])))
        .map((name) => [keyOf(project, name), volumeNamed(name)]),
    ),
    notes: [
      note(
        'warning',
        `project ${project}`,
        'its Compose file was not found: everything was read from its containers, what does not run is not seen',
      ),
    ],
    place: () => undefined,
  }
}

/** The key of a volume or network in the Compose file that was: its name without the project's. */
function keyOf(project: string, name: string): string {
  return name.startsWith(`${project}_`) ? name.slice(project.length + 1) : name
}

function sourceService(project: string, container: SourceContainer): SourceService {
  const { service: name, image, environment, ports, mounts, networks, labels, command, cpus, memory } = container
  return {
    service: {
      ...plainService(name, image),
      environment,
      labels: Object.fromEntries(
        Object.entries(labels).filter(([label]) => !/^(?:com\.docker\.|org\.opencontainers\.)/.test(label)),
      ),
      ports: ports.map(portOf),
      mounts: mounts.flatMap((mount) => mountOf(project, mount)),
      networks: Object.fromEntries(networks.map((network) => [keyOf(project, network), { aliases: [] }])),
      resources: { ...(cpus !== undefined && { cpus }), ...(memory !== undefined && { memory }) },
      ...(container.name !== `${project}-${name}-1` && { containerName: container.name }),
      ...(command !== undefined && { command }),
    },
    active: true,
    profiles: [],
    keys: container.name === `${project}-${name}-1` || /-\d+$/.test(container.name) ? [] : ['container_name'],
    secretFiles: {},
    place: () => undefined,
  }
}

function portOf({ target, published, hostIp, protocol }: SourceContainer['ports'][number]): Port {
  return {
    target,
    published,
    ...(hostIp !== '' && hostIp !== '0.0.0.0' && hostIp !== '::' && { hostIp }),
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
    mode: 'ingress',
  }
}

function mountOf(project: string, mount: SourceContainer['mounts'][number]): readonly Mount[] {
  const { type, name, source, target, readOnly } = mount
  if (type === 'volume' && name !== undefined) {
    return [{ type, source: keyOf(project, name), target, readOnly, noCopy: false }]
  }
  if (type === 'bind') return [{ type, source, target, readOnly, createHostPath: false }]
  return type === 'tmpfs' ? [{ type, target }] : []
}

function networkNamed(name: string): Network {
  return {
    name,
    external: false,
    driverOpts: {},
    internal: false,
    attachable: false,
    enableIpv6: false,
    labels: {},
    subnets: [],
  }
}

function volumeNamed(name: string): Volume {
  return { name, external: false, driverOpts: {}, labels: {} }
}
