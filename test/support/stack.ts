import type { Network, Service, Stack, Volume } from '../../src/core/stack/model.ts'

/** A service with everything at its default but what is given. */
export function aService(name: string, given: Partial<Service> = {}): Service {
  return {
    name,
    image: `${name}:1`,
    pullPolicy: 'missing',
    environment: {},
    labels: {},
    ports: [],
    expose: [],
    mounts: [],
    volumesFrom: [],
    configs: [],
    secrets: [],
    networks: { default: { aliases: [] } },
    dependsOn: {},
    restart: 'unless-stopped',
    replicas: 1,
    resources: {},
    groupAdd: [],
    tty: false,
    stdinOpen: false,
    privileged: false,
    readOnly: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    devices: [],
    dns: [],
    dnsSearch: [],
    extraHosts: [],
    sysctls: {},
    ulimits: {},
    singleWriter: false,
    ...given,
  }
}

export function aNetwork(name: string, given: Partial<Network> = {}): Network {
  return {
    name,
    external: false,
    driverOpts: {},
    internal: false,
    attachable: false,
    enableIpv6: false,
    labels: {},
    subnets: [],
    ...given,
  }
}

export function aVolume(name: string, given: Partial<Volume> = {}): Volume {
  return { name, external: false, driverOpts: {}, labels: {}, ...given }
}

/** A stack of these services on one network. */
export function aStack(project: string, services: readonly Service[], given: Partial<Stack> = {}): Stack {
  return {
    project,
    workingDir: '/srv/demo',
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    networks: { default: aNetwork(`${project}_default`) },
    volumes: {},
    configs: {},
    secrets: {},
    files: [],
    probes: [],
    secretValues: [],
    ...given,
  }
}

export const onHealthy = { condition: 'service_healthy', restart: false, required: true } as const
export const onStarted = { condition: 'service_started', restart: false, required: true } as const
export const onCompleted = { condition: 'service_completed_successfully', restart: false, required: true } as const
