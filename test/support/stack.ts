import type { Network, Service, Stack, Volume } from '../../src/core/stack/model.ts'
import { plainService } from '../../src/core/stack/service-defaults.ts'

/** A service with everything at its default but what is given. */
export function aService(name: string, given: Partial<Service> = {}): Service {
  return { ...plainService(name, `${name}:1`), restart: 'unless-stopped', ...given }
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
