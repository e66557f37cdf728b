import type { Downtime } from '../../../kernel/plan.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import type { DesiredContainer } from './desired.ts'
import { type Front, isRouted } from './front.ts'
import { updateOrder } from './update-order.ts'

/** Seconds that stopping and starting a container take apart from its health check; a rule of thumb for the forecast. */
const STOP_AND_START = 1

/** The engine's default interval between health checks, ms. */
const DEFAULT_INTERVAL = 30_000

/** The forecast for one container: nothing unless it is replaced stop-first, and no other of its service serves meanwhile. */
export function expectedDowntime(
  stack: Stack,
  container: DesiredContainer,
  front: Front | undefined,
): readonly Downtime[] {
  const { service, verdict, number } = container
  if (verdict.kind !== 'recreate' || number !== 1) return []
  const { order, why } = updateOrder(stack, container, front)
  if (order === 'start-first') return []
  if (service.replicas > 1 && front !== undefined && isRouted(stack, service)) return []
  return [{ service: service.name, expected: STOP_AND_START + firstCheck(service), why }]
}

/** Seconds until the first health check can succeed. */
function firstCheck({ healthcheck }: Service): number {
  if (healthcheck === undefined || healthcheck.test?.[0] === 'NONE') return 0
  const first = healthcheck.startInterval ?? healthcheck.interval ?? DEFAULT_INTERVAL
  return Math.ceil(first / 1000)
}
