import type { Healthcheck, Port, Service, ServiceNetwork, Stack } from '../../stack/model.ts'
import type { ApiBody } from './client/index.ts'
import { type AnonymousVolume, mountsOf } from './container-mounts.ts'
import { COMPOSE, DDALAB } from './labels.ts'

/** What the body of a container's creation needs beyond the service itself. */
export interface BodyOptions {
  readonly number: number
  /** The name the container will bear in the end: its first network alias. */
  readonly finalName: string
  /** A further network alias, for this container alone. */
  readonly alias?: string
  readonly imageId: string
  readonly apiVersion: string
  readonly labels: { readonly [name: string]: string }
  /** Rule 9: volumes of the replaced container that no one named. */
  readonly anonymousVolumes: readonly AnonymousVolume[]
  /** Final names of containers that `network_mode: service:x` and `volumes_from` point to, by service. */
  readonly containerOf: (service: string) => string
}

/** Engine API body of `POST /containers/create` for one container of a service. Pure. Rule 10: built from the wanted spec alone. */
export function containerBody(stack: Stack, service: Service, options: BodyOptions): ContainerBody {
  const { attached, later } = networkAttachments(stack, service, options)
  return {
    body: {
      Image: service.image,
      ...(service.command !== undefined && { Cmd: service.command }),
      ...(service.entrypoint !== undefined && { Entrypoint: service.entrypoint }),
      Env: Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
      Labels: { ...service.labels, ...composeLabels(stack, service, options), ...options.labels },
      ...(service.hostname !== undefined && { Hostname: service.hostname }),
      ...(service.domainname !== undefined && { Domainname: service.domainname }),
      ...(service.user !== undefined && { User: service.user }),
      ...(service.workingDir !== undefined && { WorkingDir: service.workingDir }),
      Tty: service.tty,
      OpenStdin: service.stdinOpen,
      ExposedPorts: exposedPorts(service),
      ...(service.healthcheck !== undefined && {
        Healthcheck: healthcheckBody(service.healthcheck, options.apiVersion),
      }),
      ...(service.stopSignal !== undefined && { StopSignal: service.stopSignal }),
      ...(service.stopGracePeriod !== undefined && { StopTimeout: Math.ceil(service.stopGracePeriod / 1000) }),
      HostConfig: hostConfig(stack, service, options),
      ...(Object.keys(attached).length > 0 && { NetworkingConfig: { EndpointsConfig: attached } }),
    },
    connectLater: later,
  }
}

export interface ContainerBody {
  readonly body: ApiBody
  /** Rule 46: networks that an engine older than API 1.44 takes only after the creation, by name. */
  readonly connectLater: { readonly [network: string]: EndpointConfig }
}

export type EndpointConfig = {
  readonly Aliases: readonly string[]
  readonly IPAMConfig?: { readonly IPv4Address?: string; readonly IPv6Address?: string }
  readonly MacAddress?: string
}

function composeLabels(stack: Stack, service: Service, options: BodyOptions): { [name: string]: string } {
  return {
    [COMPOSE.project]: stack.project,
    [COMPOSE.service]: service.name,
    [COMPOSE.workingDir]: stack.workingDir,
    [COMPOSE.configFiles]: composeFile(stack),
    [COMPOSE.oneOff]: 'False',
    [COMPOSE.number]: String(options.number),
    [COMPOSE.dependsOn]: Object.entries(service.dependsOn)
      .map(([name, { condition, restart }]) => `${name}:${condition}:${restart}`)
      .join(','),
    [COMPOSE.image]: options.imageId,
    [DDALAB.instance]: stack.project,
  }
}

/** The path of the rendered Compose file, with the separator that its directory is written with. */
export function composeFile({ workingDir, composeFile: name = 'docker-compose.yml' }: Stack): string {
  return `${workingDir}${workingDir.includes('\\') ? '\\' : '/'}${name}`
}

function exposedPorts(service: Service): { [port: string]: ApiBody } {
  const published = service.ports.map(({ target, protocol }) => `${target}/${protocol}`)
  const exposed = service.expose.map((port) => (port.includes('/') ? port : `${port}/tcp`))
  return Object.fromEntries([...published, ...exposed].map((port) => [port, {}]))
}

function hostConfig(stack: Stack, service: Service, options: BodyOptions): ApiBody {
  const { resources } = service
  return {
    Mounts: mountsOf(stack, service, options.anonymousVolumes),
    ...(service.volumesFrom.length > 0 && {
      VolumesFrom: service.volumesFrom.map((source) => volumesFrom(source, options)),
    }),
    PortBindings: portBindings(service.ports),
    RestartPolicy: restartPolicy(service.restart),
    NetworkMode: networkMode(stack, service, options),
    ...(service.logging?.driver !== undefined && {
      LogConfig: { Type: service.logging.driver, Config: service.logging.options },
    }),
    Privileged: service.privileged,
    ReadonlyRootfs: service.readOnly,
    ...(service.init !== undefined && { Init: service.init }),
    CapAdd: service.capAdd,
    CapDrop: service.capDrop,
    SecurityOpt: service.securityOpt,
    GroupAdd: service.groupAdd,
    Dns: service.dns,
    DnsSearch: service.dnsSearch,
    ExtraHosts: service.extraHosts,
    Sysctls: service.sysctls,
    Ulimits: Object.entries(service.ulimits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard })),
    Devices: service.devices.map(deviceBody),
    ...(service.shmSize !== undefined && { ShmSize: service.shmSize }),
    ...(service.pidMode !== undefined && { PidMode: service.pidMode }),
    ...(service.ipcMode !== undefined && { IpcMode: service.ipcMode }),
    ...(resources.cpus !== undefined && { NanoCpus: Math.round(resources.cpus * 1e9) }),
    ...(resources.memory !== undefined && { Memory: resources.memory }),
    ...(resources.memoryReservation !== undefined && { MemoryReservation: resources.memoryReservation }),
    ...(resources.pids !== undefined && { PidsLimit: resources.pids }),
  }
}

function volumesFrom(source: string, { containerOf }: BodyOptions): string {
  if (source.startsWith('container:')) return source.slice('container:'.length)
  const [service = source, mode] = source.split(':')
  return mode === undefined ? containerOf(service) : `${containerOf(service)}:${mode}`
}

function portBindings(ports: readonly Port[]): { [port: string]: ApiBody[] } {
  const bindings: { [port: string]: ApiBody[] } = {}
  for (const { target, protocol, hostIp, published } of ports) {
    const port = `${target}/${protocol}`
    bindings[port] = [...(bindings[port] ?? []), { HostIp: hostIp ?? '', HostPort: published ?? '' }]
  }
  return bindings
}

export function restartPolicy(restart: string): ApiBody {
  const [name = 'no', count] = restart.split(':')
  return { Name: name, MaximumRetryCount: count === undefined ? 0 : Number(count) }
}

function networkMode(stack: Stack, service: Service, options: BodyOptions): string {
  const mode = service.networkMode
  if (mode?.startsWith('service:')) return `container:${options.containerOf(mode.slice('service:'.length))}`
  if (mode !== undefined) return mode
  const [first] = orderedNetworks(service)
  return first === undefined ? 'none' : (stack.networks[first[0]]?.name ?? first[0])
}

/** Networks by priority, highest first; the first one is the container's own network mode. */
function orderedNetworks(service: Service): readonly (readonly [string, ServiceNetwork])[] {
  return Object.entries(service.networks).sort(([, a], [, b]) => (b.priority ?? 0) - (a.priority ?? 0))
}

function networkAttachments(
  stack: Stack,
  service: Service,
  options: BodyOptions,
): { attached: { [network: string]: EndpointConfig }; later: { [network: string]: EndpointConfig } } {
  const endpoints = orderedNetworks(service).map(
    ([key, network]) => [stack.networks[key]?.name ?? key, endpoint(service, network, options)] as const,
  )
  if (atLeast(options.apiVersion, 1, 44)) return { attached: Object.fromEntries(endpoints), later: {} }
  return { attached: Object.fromEntries(endpoints.slice(0, 1)), later: Object.fromEntries(endpoints.slice(1)) }
}

/** Rule 34: always the full endpoint, aliases and addresses. */
function endpoint(service: Service, network: ServiceNetwork, options: BodyOptions): EndpointConfig {
  return {
    Aliases: [
      ...new Set([options.finalName, service.name, ...network.aliases, ...(options.alias ? [options.alias] : [])]),
    ],
    ...((network.ipv4Address !== undefined || network.ipv6Address !== undefined) && {
      IPAMConfig: {
        ...(network.ipv4Address !== undefined && { IPv4Address: network.ipv4Address }),
        ...(network.ipv6Address !== undefined && { IPv6Address: network.ipv6Address }),
      },
    }),
    ...(network.macAddress !== undefined && { MacAddress: network.macAddress }),
  }
}

/** Milliseconds to the nanoseconds of the API. `StartInterval` is refused by engines older than API 1.44. */
function healthcheckBody(check: Healthcheck, apiVersion: string): ApiBody {
  const nanoseconds = (milliseconds: number) => milliseconds * 1e6
  return {
    ...(check.test !== undefined && { Test: check.test }),
    ...(check.interval !== undefined && { Interval: nanoseconds(check.interval) }),
    ...(check.timeout !== undefined && { Timeout: nanoseconds(check.timeout) }),
    ...(check.retries !== undefined && { Retries: check.retries }),
    ...(check.startPeriod !== undefined && { StartPeriod: nanoseconds(check.startPeriod) }),
    ...(check.startInterval !== undefined &&
      atLeast(apiVersion, 1, 44) && { StartInterval: nanoseconds(check.startInterval) }),
  }
}

/** `/dev/a:/dev/b:rwm`, each part after the first optional. */
function deviceBody(device: string): { [key: string]: string } {
  const [onHost = device, inContainer = onHost, permissions = 'rwm'] = device.split(':')
  return { PathOnHost: onHost, PathInContainer: inContainer, CgroupPermissions: permissions }
}

/** Whether an API version such as `1.41` is at least the given one. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number)
  return actualMajor > major || (actualMajor === major && actualMinor >= minor)
}
