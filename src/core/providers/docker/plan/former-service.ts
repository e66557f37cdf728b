import type { Stack } from '../../../stack/model.ts'
import { COMPOSE } from '../labels.ts'
import { isUp, type Observation, type ObservedContainer } from '../observation.ts'
import { dataSources, heldPort } from './preflight.ts'

/** Why a container that an import took over, and that the stack has no service for, cannot go on. */
export interface FormerService {
  readonly cause: string
  /** The stack does its work under another name. */
  readonly replaced: boolean
}

/** Undefined for a container that is none of ours, or in nobody's way: it is left alone. */
export function formerService(
  stack: Stack,
  { takenOver }: Observation,
  container: ObservedContainer,
): FormerService | undefined {
  if (takenOver === undefined || container.labels[COMPOSE.workingDir] !== takenOver.workingDir) return undefined
  if (takenOver.replaced.includes(container.service)) return { cause: 'its work is done by the stack', replaced: true }
  if (!isUp(container)) return undefined
  const port = heldPort(stack, container)
  if (port !== undefined) return { cause: `it holds port ${port}, which the stack publishes`, replaced: false }
  const data = sharedData(stack, container)
  return data === undefined
    ? undefined
    : { cause: `it uses ${data}, which takes one writer at a time`, replaced: false }
}

/** What becomes of it, at the end of a sentence about the container. */
export function formerFate({ cause, replaced }: FormerService): string {
  return replaced ? `${cause}: it is removed.` : `${cause}: it is stopped, and kept.`
}

function sharedData(stack: Stack, { mounts }: ObservedContainer): string | undefined {
  const own = mounts.map(({ name, source }) => name ?? source)
  return Object.values(stack.services)
    .filter(({ singleWriter }) => singleWriter)
    .flatMap((service) => dataSources(stack, service))
    .find((source) => own.includes(source))
}
