import type { Mount, Volume } from '../stack/model.ts'
import type { SourceContainer } from './read-containers.ts'
import { type Note, note, type Source, type SourceService } from './source.ts'

/**
 * What the files cannot tell and the containers can: the names of volumes that nobody named, and values that differ because the
 * files were changed after the start, or a variable was given in a shell.
 */
export function withContainers(source: Source, containers: readonly SourceContainer[]): Source {
  const found = new Map<string, Volume>()
  const notes: Note[] = []
  const services = Object.entries(source.services).map(([name, one]): [string, SourceService] => {
    const container = containers.find(({ service }) => service === name)
    if (container === undefined) return [name, one]
    notes.push(...differences(one, container))
    return [name, { ...one, service: { ...one.service, mounts: mountsWith(one, container, found) } }]
  })
  return {
    ...source,
    services: Object.fromEntries(services),
    volumes: { ...source.volumes, ...Object.fromEntries(found) },
    notes: [...source.notes, ...notes],
  }
}

/** Its mounts with a name for those that have none, and those that the image alone asks for. */
function mountsWith(
  { service }: SourceService,
  container: SourceContainer,
  found: Map<string, Volume>,
): readonly Mount[] {
  const nameAt = (target: string) =>
    container.mounts.find((mount) => mount.type === 'volume' && mount.target === target)?.name
  const named = (target: string, name: string): Mount => {
    found.set(name, { name, external: false, driverOpts: {}, labels: {} })
    return { type: 'volume', source: name, target, readOnly: false, noCopy: false }
  }
  const written = service.mounts.map((mount) => {
    const name = mount.type === 'volume' && mount.source === undefined ? nameAt(mount.target) : undefined
    return name === undefined ? mount : named(mount.target, name)
  })
  const targets = new Set(service.mounts.map(({ target }) => target))
  const ofImage = container.mounts
    .filter(({ type, target, readOnly }) => type === 'volume' && !readOnly && !targets.has(target))
    .flatMap(({ target, name }) => (name === undefined ? [] : [named(target, name)]))
  return [...written, ...ofImage]
}

function differences({ service, place }: SourceService, { environment, image }: SourceContainer): readonly Note[] {
  const differing = Object.entries(service.environment).filter(
    ([name, value]) => environment[name] !== undefined && environment[name] !== value,
  )
  const why = 'its container was started with another value; the one in the files was taken'
  return [
    ...differing.map(([name]) =>
      note('warning', `variable ${name} of ${service.name}`, why, place('environment', name)),
    ),
    ...(service.image !== '' && service.image !== image
      ? [note('warning', `image of ${service.name}`, why, place('image'))]
      : []),
  ]
}
