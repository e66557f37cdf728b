import { DdalabError } from '../errors.ts'
import { describeFailure, interpolate, type Lookup } from './interpolate.ts'
import type { DataSource, Service } from './model.ts'
import type { Template, TemplateData } from './template.ts'

type Services = { readonly [name: string]: Service }

/**
 * What of a stack is data: what its template says, as far as those services run, or else every named volume. `written` are
 * the services as the template's Compose file has them: a volume is found by its place in them, because the config may put
 * another volume or a folder of the host there.
 */
export function compileData(
  { data }: Template,
  written: Services,
  services: Services,
  lookup: Lookup,
): readonly DataSource[] {
  if (data === undefined) return namedVolumes(services)
  return data.filter(({ service }) => services[service] !== undefined).map((one) => sourceOf(one, written, lookup))
}

function sourceOf(one: TemplateData, written: Services, lookup: Lookup): DataSource {
  const { name, kind, service } = one
  switch (one.kind) {
    case 'postgres': {
      const { user, database, password } = one
      return {
        name,
        kind,
        service,
        variables: { ...(user && { user }), ...(database && { database }), ...(password && { password }) },
      }
    }
    case 'redis':
      return { name, kind, service, variables: { ...(one.password && { password: one.password }) } }
    case 's3': {
      const bucket = one.bucket && textOf(one.bucket, lookup, name)
      return { name, kind, service, path: placeOf(one, written), ...(bucket && { bucket }) }
    }
    case 'volume':
      return { name, kind, service, path: placeOf(one, written), live: one.live }
  }
}

function textOf(value: string, lookup: Lookup, name: string): string {
  const result = interpolate(value, lookup)
  if ('value' in result) return result.value
  const { message, hint } = describeFailure(result.failure)
  throw new DdalabError('TEMPLATE_INVALID', `The data ${name}: ${message}`, { hint })
}

function placeOf(
  { service, volume }: { readonly service: string; readonly volume: string },
  written: Services,
): string {
  const mount = written[service]?.mounts.find((one) => one.type === 'volume' && one.source === volume)
  // Of a template that has been checked.
  return mount?.target ?? ''
}

/** Every volume with a name, once, where the first service by name has it. */
export function namedVolumes(services: Services): readonly DataSource[] {
  const found = new Map<string, DataSource>()
  for (const service of Object.keys(services).sort()) {
    for (const mount of services[service]?.mounts ?? []) {
      if (mount.type !== 'volume' || mount.source === undefined || mount.readOnly || found.has(mount.source)) continue
      found.set(mount.source, { name: mount.source, kind: 'volume', service, path: mount.target, live: false })
    }
  }
  return [...found.values()]
}
