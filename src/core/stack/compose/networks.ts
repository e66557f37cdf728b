import type { Network, ServiceNetwork } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { readTable, readTexts } from './lists.ts'

/** `networks` of a service; without it the network `default`. */
export function readServiceNetworks(cursor: Cursor): { readonly [key: string]: ServiceNetwork } {
  if (cursor.isList) return Object.fromEntries(readTexts(cursor).map((key) => [key, { aliases: [] }]))
  const entries = cursor.entries().map(([key, network]) => [key, readServiceNetwork(network)] as const)
  return entries.length === 0 ? { default: { aliases: [] } } : Object.fromEntries(entries)
}

function readServiceNetwork(cursor: Cursor): ServiceNetwork {
  cursor.onlyKeys([
    'aliases',
    'ipv4_address',
    'ipv6_address',
    'mac_address',
    'priority',
    ...['driver_opts', 'gw_priority', 'interface_name', 'link_local_ips'],
  ])
  for (const key of ['driver_opts', 'gw_priority', 'interface_name', 'link_local_ips']) {
    if (cursor.get(key).present) cursor.get(key).onKey('warning', `${cursor.get(key).name} is not carried over`)
  }
  const ipv4Address = cursor.get('ipv4_address').text()
  const ipv6Address = cursor.get('ipv6_address').text()
  const macAddress = cursor.get('mac_address').text()
  const priority = cursor.get('priority').integer()
  return {
    aliases: readTexts(cursor.get('aliases')),
    ...(ipv4Address !== undefined && { ipv4Address }),
    ...(ipv6Address !== undefined && { ipv6Address }),
    ...(macAddress !== undefined && { macAddress }),
    ...(priority !== undefined && { priority }),
  }
}

/** One network of the file's `networks`. */
export function readNetwork(cursor: Cursor, key: string, project: string): Network {
  cursor.onlyKeys([
    ...['name', 'external', 'driver', 'driver_opts', 'internal', 'attachable', 'enable_ipv6', 'labels', 'ipam'],
    'enable_ipv4',
  ])
  if (cursor.get('enable_ipv4').boolean() === false) {
    cursor.get('enable_ipv4').onKey('warning', `${cursor.get('enable_ipv4').name} is not carried over`)
  }
  const external = readExternal(cursor.get('external'))
  const driver = cursor.get('driver').text()
  return {
    name: cursor.get('name').text() ?? external.name ?? (external.is ? key : `${project}_${key}`),
    external: external.is,
    ...(driver !== undefined && { driver }),
    driverOpts: readTable(cursor.get('driver_opts')),
    internal: cursor.get('internal').boolean() ?? false,
    attachable: cursor.get('attachable').boolean() ?? false,
    enableIpv6: cursor.get('enable_ipv6').boolean() ?? false,
    labels: readTable(cursor.get('labels')),
    subnets: readSubnets(cursor.get('ipam')),
  }
}

function readSubnets(ipam: Cursor): Network['subnets'] {
  ipam.onlyKeys(['driver', 'config', 'options'])
  const driver = ipam.get('driver').text()
  if (driver !== undefined && driver !== 'default')
    ipam.get('driver').warn(`${ipam.get('driver').name} is not carried over`)
  if (ipam.get('options').present) ipam.get('options').warn(`${ipam.get('options').name} is not carried over`)
  return ipam
    .get('config')
    .items()
    .map((item) => {
      item.onlyKeys(['subnet', 'gateway', 'ip_range', 'aux_addresses'])
      if (item.get('aux_addresses').present)
        item.get('aux_addresses').warn(`${item.get('aux_addresses').name} is not carried over`)
      const subnet = item.get('subnet').text()
      const gateway = item.get('gateway').text()
      const ipRange = item.get('ip_range').text()
      return {
        ...(subnet !== undefined && { subnet }),
        ...(gateway !== undefined && { gateway }),
        ...(ipRange !== undefined && { ipRange }),
      }
    })
}

/** `external: true`, or the old `external: {name: x}`. */
export function readExternal(cursor: Cursor): { readonly is: boolean; readonly name?: string } {
  if (!cursor.isMap) return { is: cursor.boolean() ?? false }
  cursor.onlyKeys(['name'])
  const name = cursor.get('name').text()
  return { is: true, ...(name !== undefined && { name }) }
}
