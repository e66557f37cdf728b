import type { FileReference, FileSource, Healthcheck, Mount, Network, Service, Stack, Volume } from '../model.ts'
import { formatDuration, formatSize } from './units.ts'
import { type YamlTree, type YamlValue, yamlText } from './yaml-text.ts'

/** Turns a text of the stack into what stands in the file: dollar signs escaped, secrets as references. */
export type Escape = (text: string) => string

/** The part of a stack that a Compose file can say. */
export type Renderable = Pick<Stack, 'project' | 'services' | 'networks' | 'volumes' | 'configs' | 'secrets'>

/** A Compose file that means this stack. `write` is applied to every text but keys. */
export function renderComposeFile(stack: Renderable, write: Escape, header: string): string {
  const tree: YamlTree = {
    name: stack.project,
    services: each(stack.services, renderService),
    networks: each(stack.networks, renderNetwork),
    volumes: orNothing(each(stack.volumes, renderVolume)),
    configs: orNothing(each(stack.configs, renderFileSource)),
    secrets: orNothing(each(stack.secrets, renderFileSource)),
  }
  return header + yamlText(escaped(tree, write))
}

function renderService(service: Service): YamlTree {
  const { resources } = service
  return {
    image: service.image,
    pull_policy: service.pullPolicy === 'missing' ? undefined : service.pullPolicy,
    platform: service.platform,
    container_name: service.containerName,
    hostname: service.hostname,
    domainname: service.domainname,
    entrypoint: service.entrypoint,
    command: service.command,
    environment: orNothing(service.environment),
    labels: orNothing(service.labels),
    ports: orNothing(
      service.ports.map(({ target, published, hostIp, protocol, mode }) => ({
        target,
        published,
        host_ip: hostIp,
        protocol,
        mode,
      })),
    ),
    expose: orNothing(service.expose),
    volumes: orNothing(service.mounts.map(renderMount)),
    volumes_from: orNothing(service.volumesFrom),
    configs: orNothing(service.configs.map(renderFileReference)),
    secrets: orNothing(service.secrets.map(renderFileReference)),
    networks: orNothing(
      each(service.networks, ({ aliases, ipv4Address, ipv6Address, macAddress, priority }) => ({
        aliases: orNothing(aliases),
        ipv4_address: ipv4Address,
        ipv6_address: ipv6Address,
        mac_address: macAddress,
        priority,
      })),
    ),
    network_mode: service.networkMode,
    depends_on: orNothing(each(service.dependsOn, (dependency) => ({ ...dependency }))),
    healthcheck: service.healthcheck && renderHealthcheck(service.healthcheck),
    restart: service.restart === 'no' ? undefined : service.restart,
    deploy: orNothing({
      replicas: service.replicas === 1 ? undefined : service.replicas,
      update_config: service.updateConfig && {
        parallelism: service.updateConfig.parallelism,
        delay: formatDuration(service.updateConfig.delay),
        failure_action: service.updateConfig.failureAction,
        monitor: duration(service.updateConfig.monitor),
        order: service.updateConfig.order,
        'x-drain': duration(service.updateConfig.drain),
      },
      resources: orNothing({
        limits: orNothing({ cpus: decimal(resources.cpus), memory: size(resources.memory), pids: resources.pids }),
        reservations: orNothing({ cpus: decimal(resources.cpuReservation), memory: size(resources.memoryReservation) }),
      }),
    }),
    user: service.user,
    group_add: orNothing(service.groupAdd),
    working_dir: service.workingDir,
    tty: service.tty || undefined,
    stdin_open: service.stdinOpen || undefined,
    init: service.init,
    privileged: service.privileged || undefined,
    read_only: service.readOnly || undefined,
    cap_add: orNothing(service.capAdd),
    cap_drop: orNothing(service.capDrop),
    security_opt: orNothing(service.securityOpt),
    devices: orNothing(service.devices),
    dns: orNothing(service.dns),
    dns_search: orNothing(service.dnsSearch),
    extra_hosts: orNothing(service.extraHosts.map((entry) => entry.replace(':', '='))),
    sysctls: orNothing(service.sysctls),
    ulimits: orNothing(each(service.ulimits, ({ soft, hard }) => ({ soft, hard }))),
    shm_size: size(service.shmSize),
    pid: service.pidMode,
    ipc: service.ipcMode,
    stop_signal: service.stopSignal,
    stop_grace_period: duration(service.stopGracePeriod),
    logging: service.logging && { driver: service.logging.driver, options: orNothing(service.logging.options) },
  }
}

function renderMount(mount: Mount): YamlTree {
  const { type, target } = mount
  switch (mount.type) {
    case 'volume':
      return {
        type,
        source: mount.source,
        target,
        read_only: mount.readOnly || undefined,
        volume: orNothing({ nocopy: mount.noCopy || undefined, subpath: mount.subpath }),
      }
    case 'bind':
      return {
        type,
        source: mount.source,
        target,
        read_only: mount.readOnly || undefined,
        bind: { create_host_path: mount.createHostPath, propagation: mount.propagation, selinux: mount.selinux },
      }
    case 'tmpfs':
      return { type, target, tmpfs: orNothing({ size: size(mount.size), mode: mount.mode }) }
  }
}

function renderHealthcheck({ test, ...times }: Healthcheck): YamlTree {
  if (test?.[0] === 'NONE') return { disable: true }
  return {
    test,
    interval: duration(times.interval),
    timeout: duration(times.timeout),
    retries: times.retries,
    start_period: duration(times.startPeriod),
    start_interval: duration(times.startInterval),
  }
}

function renderFileReference({ source, target, uid, gid, mode }: FileReference): YamlTree {
  return { source, target, uid, gid, mode: mode === undefined ? undefined : `0${mode.toString(8)}` }
}

function renderFileSource(source: FileSource): YamlTree {
  if ('file' in source) return { name: source.name, file: source.file }
  if (source.variable !== undefined) return { name: source.name, environment: source.variable }
  return { name: source.name, content: source.content }
}

function renderNetwork(network: Network): YamlTree {
  if (network.external) return { name: network.name, external: true }
  return {
    name: network.name,
    driver: network.driver,
    driver_opts: orNothing(network.driverOpts),
    internal: network.internal || undefined,
    attachable: network.attachable || undefined,
    enable_ipv6: network.enableIpv6 || undefined,
    labels: orNothing(network.labels),
    ipam:
      network.subnets.length === 0
        ? undefined
        : { config: network.subnets.map(({ ipRange, ...subnet }) => ({ ...subnet, ip_range: ipRange })) },
  }
}

function renderVolume(volume: Volume): YamlTree {
  if (volume.external) return { name: volume.name, external: true }
  return {
    name: volume.name,
    driver: volume.driver,
    driver_opts: orNothing(volume.driverOpts),
    labels: orNothing(volume.labels),
  }
}

function each<T>(
  values: { readonly [key: string]: T },
  render: (value: T) => YamlTree,
): { readonly [key: string]: YamlTree } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, render(value)]))
}

/** Leaves out what is empty. */
function orNothing<T extends YamlValue>(value: T): T | undefined {
  if (value === null || typeof value !== 'object') return value
  return Object.values(value).some((child) => child !== undefined) ? value : undefined
}

function duration(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : formatDuration(milliseconds)
}

function size(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : formatSize(bytes)
}

function decimal(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function escaped(value: YamlTree, write: Escape): YamlTree
function escaped(value: YamlValue, write: Escape): YamlValue
function escaped(value: YamlValue, write: Escape): YamlValue {
  if (typeof value === 'string') return write(value)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map((item) => escaped(item, write))
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, child === undefined ? undefined : escaped(child, write)]),
  )
}

function isList(value: readonly YamlValue[] | YamlTree): value is readonly YamlValue[] {
  return Array.isArray(value)
}
