import { planDeploy } from '../providers/docker/index.ts'
import { connect, openInstance } from './open.ts'
import type { Target, World } from './world.ts'

export interface Difference {
  readonly resource: string
  readonly cause: string
}

export interface Drift {
  readonly drifted: boolean
  /** What is not as the config says, one entry per resource. */
  readonly differences: readonly Difference[]
  /** What stands beside the stack, or in the way of mending it. */
  readonly remarks: readonly string[]
}

/** Compares what runs with what the config says; changes nothing. */
export async function drift(world: World, target: Target): Promise<Drift> {
  const open = await openInstance(world, target)
  const provider = await connect(world, target)
  try {
    const { plan, problems, warnings } = planDeploy(
      open.stack,
      await provider.observe(open.stack, { pull: false, takenOver: open.takenOver }),
    )
    const causes = new Map(plan.operations.map(({ resource, cause }) => [resource, cause]))
    const differences = [...causes].map(([resource, cause]) => ({ resource, cause }))
    return {
      drifted: differences.length > 0,
      differences,
      remarks: [...problems.map(({ message }) => message), ...warnings],
    }
  } finally {
    await provider.close()
  }
}
