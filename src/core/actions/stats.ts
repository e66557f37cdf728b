import { type ContainerStats, containerStats } from '../providers/docker/index.ts'
import { assertServices, nothingDeployed } from './lifecycle.ts'
import { connect, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

/** One reading of one container. */
export interface ServiceStats extends ContainerStats {
  readonly service: string
  readonly container: string
}

/** One reading of every running container. Errors: SERVICE_NOT_FOUND, CONTAINER_NOT_FOUND. */
export async function stats(world: World, target: Target, services: readonly string[]): Promise<readonly ServiceStats[]> {
  const open = await openInstance(world, target)
  assertServices(open.stack, services)
  const provider = await connect(world, target)
  try {
    const running = (await provider.containers(open.name)).filter(
      ({ service, state }) => state === 'running' && (services.length === 0 || services.includes(service)),
    )
    if (running.length === 0) throw nothingDeployed(open.name)
    const readings = running.map(async ({ id, name, service }): Promise<readonly ServiceStats[]> => {
      const figures = await Array.fromAsync(containerStats(provider.engine, id, { once: true, signal: world.signal }))
      return figures.map((figure) => ({ service, container: name, ...figure }))
    })
    return (await Promise.all(readings)).flat()
  } finally {
    await provider.close()
  }
}
