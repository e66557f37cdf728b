import { DdalabError } from '../errors.ts'
import { type LifecycleAction, otherOwner, planLifecycle } from '../providers/docker/index.ts'
import type { Stack } from '../stack/index.ts'
import { ofInstance } from './open.ts'
import { openForChange } from './recover-run.ts'
import { type ChangeOptions, type ChangeReport, carryOut } from './run.ts'
import { withStatus } from './status.ts'
import type { Target, World } from './world.ts'

/** Starts, stops or restarts what exists; `services` empty means all. Errors: SERVICE_NOT_FOUND. */
export async function lifecycle(
  world: World,
  target: Target,
  action: LifecycleAction,
  services: readonly string[],
  options: ChangeOptions,
): Promise<ChangeReport> {
  const { open, provider } = await openForChange(world, target, options)
  try {
    assertServices(open.stack, services)
    const done = await carryOut(
      world,
      open,
      provider,
      (observation) => {
        if (action !== 'stop' && observation.containers.length === 0) throw nothingDeployed(open.name)
        return {
          plan: planLifecycle(action, open.stack, observation, services),
          problems: otherOwner(open.stack, observation),
          warnings: [],
        }
      },
      options,
    )
    return await withStatus(done, world, open, provider)
  } finally {
    await provider.close()
  }
}

export function assertServices(stack: Stack, services: readonly string[]): void {
  const known = Object.keys(stack.services)
  const unknown = services.find((service) => !known.includes(service))
  if (unknown === undefined) return
  throw new DdalabError('SERVICE_NOT_FOUND', `There is no service "${unknown}" in "${stack.project}".`, {
    hint: `Its services are: ${known.sort().join(', ')}.`,
  })
}

export function nothingDeployed(name: string): DdalabError {
  return new DdalabError('CONTAINER_NOT_FOUND', `Nothing of "${name}" is deployed.`, {
    hint: `Deploy it with: ddalab deploy${ofInstance(name)}`,
  })
}
