import { type Operation, operationId } from '../../../kernel/plan.ts'
import type { Stack } from '../../../stack/model.ts'
import type { Observation } from '../observation.ts'
import type { PlanResult } from './deploy-plan.ts'
import { fingerprint } from './desired.ts'

/** An image to fetch ahead of time: a reference with its digest. */
export interface ImageToFetch {
  readonly service: string
  readonly reference: string
  /** For people: `update to 1.4.2`. */
  readonly cause: string
}

/** A pull for each of these images, for the platform of the service that will run it. Nothing that runs is touched. Pure. */
export function planDownload(stack: Stack, observation: Observation, images: readonly ImageToFetch[]): PlanResult {
  const operations = images.map(({ service, reference, cause }): Operation => {
    const platform = stack.services[service]?.platform
    return {
      id: operationId('image.pull', reference),
      kind: 'image.pull',
      resource: `image ${reference.split('@')[0]}`,
      cause,
      effect: 'pull',
      phase: 'apply',
      after: [],
      input: { reference, ...(platform !== undefined && { platform }) },
    }
  })
  const unique = [...new Map(operations.map((operation) => [operation.id, operation])).values()]
  return {
    plan: {
      instance: stack.project,
      action: 'download',
      fingerprint: fingerprint(stack, observation),
      operations: unique,
      downtime: [],
    },
    problems: [],
    warnings: [],
  }
}
