import type { Service, Stack } from '../../../stack/model.ts'
import { isAnonymous, isUp } from '../observation.ts'
import { type DesiredContainer, parentsOf } from './desired.ts'
import { type Front, isRouted } from './front.ts'

export interface UpdateOrder {
  readonly order: 'start-first' | 'stop-first'
  /** Why it has to stop first, in words. */
  readonly why: string
}

const startFirst: UpdateOrder = { order: 'start-first', why: '' }
const stopFirst = (why: string): UpdateOrder => ({ order: 'stop-first', why })

/**
 * Whether the replacement of a container starts before the old one stops. It does where requests come through the ingress
 * and where the stack asks for it, as long as two of it can be there at once.
 */
export function updateOrder(stack: Stack, container: DesiredContainer, front: Front | undefined): UpdateOrder {
  const { service, existing } = container
  const obstacle = obstacleOf(service)
  if (obstacle !== undefined) return stopFirst(obstacle)
  if (existing === undefined || !isUp(existing)) return stopFirst('it does not run')
  if (existing.mounts.some(isAnonymous)) return stopFirst('its replacement takes over its volumes')
  if (service.updateConfig?.order === 'stop-first') return stopFirst('its update_config says so')
  if (!isRouted(stack, service)) {
    return service.updateConfig?.order === 'start-first'
      ? startFirst
      : stopFirst('it is stopped before its replacement starts')
  }
  // Without one that goes on, requests would reach the new container before it is ready.
  return front === undefined ? stopFirst('the way in changes with it') : startFirst
}

/** What keeps two containers of a service from running at once (rules 6 and 8). */
function obstacleOf(service: Service): string | undefined {
  const published = service.ports.find(({ published }) => published !== undefined)
  if (published !== undefined) return `it publishes host port ${published.published}, which two containers cannot share`
  if (service.singleWriter) return 'its volume takes one writer at a time'
  if (service.networkMode !== undefined && service.networkMode !== 'none') return 'it shares the network of another'
  if (parentsOf(service).length > 0) return 'it is attached to another container'
  const fixed = Object.values(service.networks).some(
    ({ ipv4Address, ipv6Address, macAddress }) => (ipv4Address ?? ipv6Address ?? macAddress) !== undefined,
  )
  return fixed ? 'it has an address of its own' : undefined
}
