import type { Downtime } from '../../../kernel/plan.ts'
import type { Service } from '../../../stack/model.ts'
import type { DesiredContainer } from './desired.ts'

/** Seconds that stopping and starting a container take apart from its health check; a rule of thumb for the forecast. */
const STOP_AND_START = 1

/** The engine's default interval between health checks, ms. */
const DEFAULT_INTERVAL = 30_000

/** The forecast for one container: nothing unless it is replaced stop-first. */
export function expectedDowntime({ service, verdict, number }: DesiredContainer): readonly Downtime[] {
  if (verdict.kind !== 'recreate' || number !== 1) return []
  return [{ service: service.name, expected: STOP_AND_START + firstCheck(service), why: stopFirstReason(service) }]
}

/** Why the old container has to stop before the new one starts (rules 6 and 8). */
function stopFirstReason(service: Service): string {
  const published = service.ports.find(({ published }) => published !== undefined)
  if (published !== undefined) return `it publishes host port ${published.published}, which two containers cannot share`
  if (service.singleWriter) return 'its volume takes one writer at a time'
  return 'it is stopped before its replacement starts'
}

/** Seconds until the first health check can succeed. */
function firstCheck({ healthcheck }: Service): number {
  if (healthcheck === undefined || healthcheck.test?.[0] === 'NONE') return 0
  const first = healthcheck.startInterval ?? healthcheck.interval ?? DEFAULT_INTERVAL
  return Math.ceil(first / 1000)
}
