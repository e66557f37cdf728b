import { createHash } from 'node:crypto'
import type { FileSource, Service, Stack } from './model.ts'

/**
 * What a container was made from, as hashes: the label `io.ddalab.spec-hash` decides whether it must be made anew, the
 * hashes of the sections say why in words. Left out is what a running container is not made of: replicas, dependencies,
 * the pull policy, the update configuration (as Compose leaves them out of its hash), and files that are reloaded.
 *
 * Hashes stand in labels, and labels travel further than environments do (metrics exporters). So there is one hash
 * over a section as a whole, never one for a single value: to try a guess at a password one would have to know all the
 * rest of its section, where other generated secrets are. It is also why no salt of ours could help: it would have to be a label, too.
 */
export interface ServiceHash {
  /** SHA-256, hexadecimal. */
  readonly hash: string
  /** Words for a part of the service -> 16 hexadecimal digits; parts that are empty are left out. */
  readonly sections: { readonly [section: string]: string }
}

/** The hashes of all services of a stack, by name. */
export type ServiceHashes = { readonly [service: string]: ServiceHash }

/** What is known already of a stack; it never changes, a changed copy is another one. */
const KNOWN = new WeakMap<Stack, ServiceHashes>()

/** The hashes of all services of this stack. */
export function serviceHashes(stack: Stack): ServiceHashes {
  const known = KNOWN.get(stack)
  if (known !== undefined) return known
  const hashes = Object.fromEntries(
    Object.entries(stack.services).map(([name, service]) => [name, hashOf(stack, service)]),
  )
  KNOWN.set(stack, hashes)
  return hashes
}

/** Takes over hashes that were made of a stack with the same content, by the same program. */
export function knowHashes(stack: Stack, hashes: ServiceHashes): void {
  KNOWN.set(stack, hashes)
}

/** The hashes of a service of this stack, contents of its configs, secrets and generated files included (rule 38). */
export function serviceHash(stack: Stack, service: Service): ServiceHash {
  const isOwn = stack.services[service.name] === service
  return (isOwn ? serviceHashes(stack)[service.name] : undefined) ?? hashOf(stack, service)
}

function hashOf(stack: Stack, service: Service): ServiceHash {
  const sections: [string, string][] = []
  for (const [name, content] of Object.entries(sectionsOf(stack, service))) {
    const text = stable(content)
    if (text !== EMPTY) sections.push([name, sha256(`${name}\0${text}`).slice(0, 16)])
  }
  return { hash: sha256(stable(sections)), sections: Object.fromEntries(sections) }
}

function sectionsOf(stack: Stack, service: Service): { readonly [section: string]: unknown } {
  const {
    name: _name,
    replicas: _replicas,
    dependsOn: _dependsOn,
    pullPolicy: _pullPolicy,
    updateConfig: _updateConfig,
    singleWriter: _singleWriter,
    expose,
    image,
    platform,
    command,
    entrypoint,
    environment,
    labels,
    ports,
    mounts,
    volumesFrom,
    configs,
    secrets,
    networks,
    networkMode,
    healthcheck,
    restart,
    resources,
    logging,
    ...options
  } = service
  return {
    image: [image, platform],
    // An empty entry point is one: it takes the image's away.
    command: [command, entrypoint && ['entrypoint', ...entrypoint]],
    environment,
    labels,
    ports: [ports, expose],
    volumes: [
      mounts,
      volumesFrom,
      mounts.flatMap((mount) => (mount.type === 'volume' ? volumeName(stack, mount.source) : [])),
    ],
    networks: [
      networkMode,
      Object.entries(networks).map(([key, network]) => [stack.networks[key]?.name ?? key, network]),
    ],
    'health check': healthcheck,
    'restart policy': restart === 'no' ? undefined : restart,
    resources,
    logging,
    configs: configs.map((reference) => [reference, contentOf(stack.configs[reference.source])]),
    secrets: secrets.map((reference) => [reference, contentOf(stack.secrets[reference.source])]),
    files: stack.files
      .filter((file) => !file.reloadable && file.services.includes(service.name))
      .map(({ path, content }) => [path, content]),
    options,
  }
}

function volumeName(stack: Stack, source: string | undefined): readonly string[] {
  return source === undefined ? [] : [stack.volumes[source]?.name ?? source]
}

/** Name and content; of a file on the host its hash, where it could be read. */
function contentOf(source: FileSource | undefined): unknown {
  if (source === undefined) return undefined
  return 'file' in source ? ['file', source.file, source.sha256] : ['content', source.content]
}

const EMPTY = '{}'

/** JSON with sorted keys and without what is absent, empty or false: a field that is added later changes no old hash. */
function stable(value: unknown): string {
  const pruned = prune(value)
  return pruned === undefined ? EMPTY : JSON.stringify(pruned)
}

function prune(value: unknown): unknown {
  if (value === undefined || value === null || value === false) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => prune(item) ?? null)
    return items.every((item) => item === null) ? undefined : items
  }
  if (typeof value !== 'object') return value
  const entries = Object.entries(value)
    .map(([key, child]) => [key, prune(child)] as const)
    .filter(([, child]) => child !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
