import { type ContainerStats, containerStats, type DockerProvider } from '../providers/docker/index.ts'
import { assertServices, nothingDeployed } from './lifecycle.ts'
import { connect, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

/** One reading of one container. */
export interface ServiceStats extends ContainerStats {
  readonly service: string
  readonly container: string
}

/**
 * Readings of every running container, one after the other until the reader leaves or the signal fires; each takes the
 * engine one to two seconds. Errors: SERVICE_NOT_FOUND, CONTAINER_NOT_FOUND when nothing runs.
 */
export async function* watchStats(
  world: World,
  target: Target,
  services: readonly string[],
): AsyncGenerator<readonly ServiceStats[]> {
  const open = await openInstance(world, target)
  assertServices(open.stack, services)
  const provider = await connect(world, target)
  try {
    while (!world.signal.aborted) {
      const readings = await reading(world, provider, open.name, services)
      if (world.signal.aborted) return
      if (readings.length === 0) throw nothingDeployed(open.name)
      yield readings
    }
  } finally {
    await provider.close()
  }
}

async function reading(
  { signal }: World,
  provider: DockerProvider,
  project: string,
  services: readonly string[],
): Promise<readonly ServiceStats[]> {
  const running = (await provider.containers(project))
    .filter(({ service, state }) => state === 'running' && (services.length === 0 || services.includes(service)))
    .toSorted((a, b) => a.service.localeCompare(b.service) || a.number - b.number)
  const readings = running.map(async ({ id, name, service }): Promise<readonly ServiceStats[]> => {
    const figures = await Array.fromAsync(containerStats(provider.engine, id, { once: true, signal }))
    return figures.map((figure) => ({ service, container: name, ...figure }))
  })
  return (await Promise.all(readings)).flat()
}
