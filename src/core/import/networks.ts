import type { Network } from '../stack/model.ts'
import type { Context } from './context.ts'
import { note, type Part } from './source.ts'

/**
 * Networks that all services share are kept by their names (`docker.networks`), so that others on them still find the services.
 * Anything finer has no place: the services of the template are together.
 */
export function mapNetworks(context: Context): Part {
  const { source, roles } = context
  const services = Object.values(roles.services)
  const lists = services.map(({ service }) => Object.keys(service.networks).sort().join(' '))
  const keys = Object.keys(roles.main.service.networks)
  const shared = lists.every((list) => list === lists[0]) && !keys.includes('default')
  if (shared && keys.every((key) => isOwn(source.networks[key], `${context.instance}_${key}`))) {
    return { settings: keys.length === 0 ? [] : [{ path: 'docker.networks', value: keys }], notes: [] }
  }
  const used = new Set(services.flatMap(({ service }) => Object.keys(service.networks)))
  used.delete('default')
  return {
    settings: [],
    notes: [...used].map((key) => {
      const why =
        'the services of the template share one network of the instance; others on this network no longer reach them'
      return note('left out', `network ${source.networks[key]?.name ?? key}`, why, source.place('networks', key))
    }),
  }
}

/** It bears the name that the instance would give it, and nothing special is asked of it. */
function isOwn(network: Network | undefined, name: string): boolean {
  if (network === undefined || network.external || network.name !== name) return false
  const { driver, driverOpts, internal, subnets } = network
  return (driver ?? 'bridge') === 'bridge' && Object.keys(driverOpts).length === 0 && !internal && subnets.length === 0
}
