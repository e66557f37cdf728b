import type { Mount, Volume } from '../stack/model.ts'
import type { Context } from './context.ts'
import { joined, type Note, note, type Part, type Setting, type SourceService } from './source.ts'

/** The volumes and folders of the services, each to be found again where it was. */
export function mapVolumes(context: Context): Part {
  const { roles, template } = context
  const parts = Object.entries(roles.services).flatMap(([role, service]) =>
    service.service.mounts.map((mount, index) =>
      role === template.main ? ofMain(context, service, mount, index) : ofOther(context, role, service, mount, index),
    ),
  )
  return joined([...parts, unused(context)])
}

const NOTHING: Part = { settings: [], notes: [] }
const only = (...notes: readonly Note[]): Part => ({ settings: [], notes })

function ofMain(context: Context, service: SourceService, mount: Mount, index: number): Part {
  const { template } = context
  const { target } = mount
  const what = `mount ${target} of ${service.service.name}`
  const place = service.place('volumes', index)
  if (mount.type === 'tmpfs') return only(note('left out', what, 'the template has no place for tmpfs', place))
  const notes: Note[] = lost(mount, what, service, index)
  const wanted = volumeAt(context, template.main, target)
  if (mount.type === 'bind') {
    return { settings: [{ path: tableEntry('docker.volumes', mount.source), value: target }], notes }
  }
  if (mount.source === undefined) return only(anonymous(what, service, index))
  const named = namedVolume(context, wanted ?? mount.source, mount.source)
  if (wanted !== undefined) return { settings: named, notes }
  return { settings: [{ path: tableEntry('docker.volumes', mount.source), value: target }, ...named], notes }
}

function ofOther(context: Context, role: string, service: SourceService, mount: Mount, index: number): Part {
  const what = `mount ${mount.target} of ${service.service.name}`
  const place = service.place('volumes', index)
  const wanted = volumeAt(context, role, mount.target)
  if (wanted !== undefined && mount.type === 'bind') {
    return { settings: [{ path: tableEntry('docker.volumeNames', wanted), value: mount.source }], notes: [] }
  }
  if (wanted !== undefined && mount.type === 'volume') {
    if (mount.source === undefined) return only(anonymous(what, service, index))
    return { settings: namedVolume(context, wanted, mount.source), notes: [] }
  }
  if (mount.type === 'volume' && mount.source !== undefined && !mount.readOnly) {
    return only(note('data', what, `the template's ${role} keeps its data elsewhere and would not find it`, place))
  }
  return only(note('left out', what, `only mounts of the main service can be carried over`, place))
}

/** The key of the template's volume at a path of the container. */
function volumeAt({ wanted }: Context, role: string, target: string): string | undefined {
  const mount = wanted[role]?.mounts.find((one) => one.type === 'volume' && same(one.target, target))
  return mount?.type === 'volume' ? mount.source : undefined
}

const same = (a: string, b: string) => a.replace(/\/+$/, '') === b.replace(/\/+$/, '')

/** `docker.volumeNames`, where the volume has another name than the instance would give it, or is of a special kind. */
function namedVolume({ source, instance }: Context, key: string, sourceKey: string): readonly Setting[] {
  const volume = source.volumes[sourceKey]
  if (volume === undefined) return []
  if (volume.name === `${instance}_${key}` && isPlain(volume)) return []
  return [{ path: tableEntry('docker.volumeNames', key), value: volume.name }]
}

/** Made by Compose without anything special: what the template would make is the same. */
function isPlain({ external, driver, driverOpts }: Volume): boolean {
  return !external && (driver ?? 'local') === 'local' && Object.keys(driverOpts).length === 0
}

function anonymous(what: string, service: SourceService, index: number): Note {
  const why = 'the volume has no name, and no container of it was found that would tell which one it is'
  return note('data', what, why, service.place('volumes', index))
}

function lost(mount: Mount, what: string, service: SourceService, index: number): Note[] {
  const place = service.place('volumes', index)
  const readOnly = mount.type !== 'tmpfs' && mount.readOnly
  const special = mount.type === 'bind' && (mount.propagation !== undefined || mount.selinux !== undefined)
  return [
    ...(readOnly ? [note('changed', what, 'it was read-only; now it can be written to', place)] : []),
    ...(special ? [note('left out', what, 'propagation and SELinux labels are not carried over', place)] : []),
  ]
}

/** Declared, and used by no service that is carried over. Nothing is removed. */
function unused({ source, roles }: Context): Part {
  const used = new Set(
    Object.values(roles.services).flatMap(({ service }) =>
      service.mounts.map((mount) => (mount.type === 'volume' ? mount.source : undefined)),
    ),
  )
  const left = Object.entries(source.volumes).filter(([key]) => !used.has(key))
  if (left.length === 0) return NOTHING
  return only(
    ...left.map(([key, { name }]) =>
      note(
        'left out',
        `volume ${name}`,
        'no service that is carried over uses it; it stays as it is',
        source.place('volumes', key),
      ),
    ),
  )
}

/** The path of an entry of a table: its name may have dots and slashes. */
export function tableEntry(table: string, name: string): string {
  return `${table}."${name.replace(/[\\"]/g, '\\$&')}"`
}
