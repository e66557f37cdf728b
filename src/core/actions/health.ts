import { type ProbeResult, runProbe } from '../health/index.ts'
import { type ObservedContainer, runCommand } from '../providers/docker/index.ts'
import { assertServices, nothingDeployed } from './lifecycle.ts'
import { connect, openInstance } from './open.ts'
import { serviceState } from './service-state.ts'
import type { Target, World } from './world.ts'

export interface HealthReport {
  readonly healthy: boolean
  readonly checks: readonly ProbeResult[]
}

/** Asks every container for its health, and the stack's probes from outside. Errors: SERVICE_NOT_FOUND, CONTAINER_NOT_FOUND. */
export async function health(world: World, target: Target, services: readonly string[]): Promise<HealthReport> {
  const { stack, name } = await openInstance(world, target)
  assertServices(stack, services)
  const chosen = (service: string) => services.length === 0 || services.includes(service)
  const provider = await connect(world, target)
  try {
    const containers = await provider.containers(name)
    if (containers.length === 0) throw nothingDeployed(name)
    const running = (service: string) => containers.find((one) => one.service === service && one.state === 'running')
    const probes = stack.probes
      .filter(({ service }) => chosen(service))
      .map((probe) =>
        runProbe(probe, {
          signal: world.signal,
          clock: () => performance.now(),
          runInside: async (service, command, signal) => {
            const container = running(service)
            if (container === undefined) return { exitCode: 1, output: `${service} is not running` }
            return runCommand(provider.engine, container.id, command, signal)
          },
        }),
      )
    const own = Object.keys(stack.services)
      .filter(chosen)
      .map((service) => containerCheck(service, containers))
    const checks = [...own, ...(await Promise.all(probes))]
    return { healthy: checks.every(({ verdict }) => verdict !== 'failed'), checks }
  } finally {
    await provider.close()
  }
}

/** What the engine says of a service's containers. */
function containerCheck(service: string, containers: readonly ObservedContainer[]): ProbeResult {
  const own = containers.filter((container) => container.service === service)
  const state = serviceState(own)
  const well = state === 'running' || state === 'completed'
  const health = own[0]?.health ?? 'none'
  return {
    name: `${service} container`,
    service,
    type: 'container',
    verdict: well ? 'ok' : 'failed',
    message: well && health === 'none' ? `${state}, no health check` : state === 'running' ? health : state,
    elapsedMs: 0,
  }
}
