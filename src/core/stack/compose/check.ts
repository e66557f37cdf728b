import type { FileSource, Network, Service, Volume } from '../model.ts'
import type { Cursor } from './cursor.ts'

export interface Parts {
  readonly services: ReadonlyMap<string, Service>
  readonly inactive: ReadonlyMap<string, readonly string[]>
  readonly networks: ReadonlyMap<string, Network>
  readonly volumes: ReadonlyMap<string, Volume>
  readonly configs: ReadonlyMap<string, FileSource>
  readonly secrets: ReadonlyMap<string, FileSource>
}

export interface Used {
  readonly networks: ReadonlySet<string>
  readonly volumes: ReadonlySet<string>
  readonly configs: ReadonlySet<string>
  readonly secrets: ReadonlySet<string>
}

/** Reports references to what is not there, and cycles; gives what the active services use. */
export function checkReferences(root: Cursor, parts: Parts): Used {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    configs: new Set<string>(),
    secrets: new Set<string>(),
  }
  for (const [name, service] of parts.services) {
    const cursor = root.get(name)
    const refer = (kind: keyof Used, key: string, where: string): void => {
      used[kind].add(key)
      if (parts[kind].has(key)) return
      cursor
        .get(where)
        .error(`${cursor.name} refers to ${kind.slice(0, -1)} ${key}, which is not declared`, `Add ${key} to ${kind}.`)
    }
    for (const key of Object.keys(service.networks)) refer('networks', key, 'networks')
    for (const { source } of service.configs) refer('configs', source, 'configs')
    for (const { source } of service.secrets) refer('secrets', source, 'secrets')
    for (const mount of service.mounts) {
      if (mount.type === 'volume' && mount.source !== undefined) refer('volumes', mount.source, 'volumes')
    }
    checkDependencies(cursor, service, parts)
    if (service.containerName !== undefined && service.replicas > 1) {
      cursor
        .get('container_name')
        .error(`${cursor.name} has a container_name and more than one replica`, 'Remove one of them.')
    }
  }
  checkCycles(root, parts.services)
  return used
}

function checkDependencies(cursor: Cursor, service: Service, { services, inactive }: Parts): void {
  for (const [name, { required }] of Object.entries(service.dependsOn)) {
    if (services.has(name) || (!required && inactive.has(name))) continue
    const profiles = inactive.get(name)
    const hint =
      profiles === undefined
        ? 'Correct the name.'
        : `Add the profile ${profiles.join(' or ')}, or write required: false.`
    cursor
      .get('depends_on')
      .error(`${cursor.name} depends on ${name}, which is not ${profiles === undefined ? 'there' : 'active'}`, hint)
  }
}

function checkCycles(root: Cursor, services: ReadonlyMap<string, Service>): void {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' -> ')
      root
        .get(name)
        .get('depends_on')
        .error(`Services depend on each other in a circle: ${cycle}`, 'Remove one of the dependencies.')
      done.add(name)
      return
    }
    for (const next of Object.keys(services.get(name)?.dependsOn ?? {})) visit(next, [...path, name])
    done.add(name)
  }
  for (const name of services.keys()) visit(name, [])
}
