import { createHash } from 'node:crypto'
import type { FileReference, FileSource, Service, Stack } from './model.ts'

export interface ServiceHash {
  /** SHA-256, hex, of everything that makes a container of this service what it is. */
  readonly hash: string
  /** The same by section, so that a plan can say what changed: `environment`, `ports`, ... */
  readonly sections: { readonly [section: string]: string }
}

/**
 * The hash that decides whether a container has to be replaced. What a running container does not notice is left out:
 * replicas, dependencies, pull policy, update order, and files that the service takes up by itself. The content of the
 * files it reads counts (rule 38).
 *
 * The hashes go into labels of the container. They reveal nothing of secrets that the container's own environment, which
 * the same people can read, does not say outright.
 */
export function serviceHash(stack: Stack, service: Service): ServiceHash {
  const sections = Object.fromEntries(
    Object.entries(sectionsOf(stack, service)).map(([name, value]) => [name, digest(value).slice(0, 16)]),
  )
  return { hash: digest(sections), sections }
}

function sectionsOf(stack: Stack, service: Service): { readonly [section: string]: unknown } {
  const {
    name: _name,
    image,
    platform,
    command,
    entrypoint,
    environment,
    labels,
    ports,
    expose,
    mounts,
    volumesFrom,
    configs,
    secrets,
    networks,
    networkMode,
    healthcheck,
    restart,
    resources,
    pullPolicy: _pullPolicy,
    dependsOn: _dependsOn,
    replicas: _replicas,
    updateConfig: _updateConfig,
    singleWriter: _singleWriter,
    ...rest
  } = service
  return {
    image: [image, platform],
    command: [entrypoint, command],
    environment,
    labels,
    ports: [ports, expose],
    volumes: [mounts.map((mount) => namedMount(stack, mount)), volumesFrom],
    networks: [
      networkMode,
      Object.entries(networks).map(([key, network]) => [stack.networks[key]?.name ?? key, network]),
    ],
    healthcheck,
    restart,
    resources,
    files: [contents(stack.configs, configs), contents(stack.secrets, secrets), readFiles(stack, service)],
    options: rest,
  }
}

/** A volume under its engine name: renaming it is a change, renaming its key is none. */
function namedMount(stack: Stack, mount: Service['mounts'][number]): unknown {
  if (mount.type !== 'volume' || mount.source === undefined) return mount
  return { ...mount, source: stack.volumes[mount.source]?.name ?? mount.source }
}

function contents(sources: { readonly [key: string]: FileSource }, references: readonly FileReference[]): unknown {
  return references.map((reference) => [reference, sources[reference.source]])
}

function readFiles({ files }: Stack, { name }: Service): unknown {
  return files
    .filter(({ services, reloadable }) => services.includes(name) && !reloadable)
    .map(({ path, content }) => [path, content])
}

/** JSON with sorted keys, hashed: the order in which a file lists things changes nothing. */
function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value ?? null)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
