import type { Service, Stack } from '../../../stack/model.ts'
import { isUp, type ObservedContainer } from '../observation.ts'
import { type DesiredContainer, shortId } from './desired.ts'
import { type Front, isRouted } from './front.ts'
import { updateOrder } from './update-order.ts'

/** A container that another one takes the place of. */
export interface Replaced extends DesiredContainer {
  readonly existing: ObservedContainer
  readonly cause: string
}

/** The replaced containers of a service, and how that is done. */
export interface Rollout {
  readonly service: Service
  /** In groups, one after the other. */
  readonly groups: readonly (readonly Replaced[])[]
  readonly startFirst: boolean
  /** Names of its containers that serve now. */
  readonly serving: readonly string[]
  /** Requests are sent away from what stops, and to what is ready. */
  readonly switched: boolean
}

/** How the containers that are to be replaced are. Pure. */
export function rolloutsOf(
  stack: Stack,
  desired: readonly DesiredContainer[],
  front: Front | undefined,
): readonly Rollout[] {
  const replaced = desired.flatMap((container): Replaced[] => {
    const { existing, verdict } = container
    return existing === undefined || verdict.kind !== 'recreate'
      ? []
      : [{ ...container, existing, cause: verdict.cause }]
  })
  return [...Map.groupBy(replaced, ({ service }) => service)].map(([service, own]): Rollout => {
    const startFirst = own.every((container) => updateOrder(stack, container, front).order === 'start-first')
    const serving = desired.flatMap((container) =>
      container.service === service && container.existing !== undefined && isUp(container.existing)
        ? [shortId(container.existing.id)]
        : [],
    )
    const switched = front !== undefined && isRouted(stack, service) && (startFirst || serving.length > 1)
    return { service, groups: inGroups(own, service.updateConfig?.parallelism ?? 1), startFirst, serving, switched }
  })
}

/**
 * Keys of the containers that are not stopped before what they depend on: those whose replacement starts first, and those that
 * are replaced in groups, of which one has to be started again before the next stops.
 */
export function outliving(rollouts: readonly Rollout[]): ReadonlySet<string> {
  const serving = rollouts.filter(({ startFirst, groups }) => startFirst || groups.length > 1)
  return new Set(serving.flatMap(({ groups }) => groups.flat().map(({ key }) => key)))
}

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [all]
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}
