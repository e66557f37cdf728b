import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Service } from '../stack/model.ts'
import type { Context } from './context.ts'
import { joined, type Note, type NoteKind, note, type Part, type SourceService } from './source.ts'
import { certificates } from './tls.ts'

/** Keys that the other parts of the mapping have judged, entry by entry. */
const JUDGED = [
  'image',
  'build',
  'environment',
  'env_file',
  'ports',
  'volumes',
  'profiles',
  'cpus',
  'mem_limit',
  'labels',
  'networks',
]

/** Where the normal form keeps a key, to compare it with the template's. */
const FIELDS: { readonly [key: string]: keyof Service } = {
  command: 'command',
  entrypoint: 'entrypoint',
  healthcheck: 'healthcheck',
  depends_on: 'dependsOn',
  restart: 'restart',
  logging: 'logging',
  expose: 'expose',
  stop_signal: 'stopSignal',
  stop_grace_period: 'stopGracePeriod',
  shm_size: 'shmSize',
  user: 'user',
  working_dir: 'workingDir',
  hostname: 'hostname',
  tty: 'tty',
  stdin_open: 'stdinOpen',
  init: 'init',
  privileged: 'privileged',
  read_only: 'readOnly',
  pull_policy: 'pullPolicy',
  platform: 'platform',
  cap_add: 'capAdd',
  cap_drop: 'capDrop',
  security_opt: 'securityOpt',
  extra_hosts: 'extraHosts',
  dns: 'dns',
  ulimits: 'ulimits',
  sysctls: 'sysctls',
}

/** What holds everywhere the same way in the template, and nobody will miss. */
const OWN_WAY = [
  'healthcheck',
  'depends_on',
  'restart',
  'logging',
  'expose',
  'stop_signal',
  'stop_grace_period',
  'shm_size',
  'pull_policy',
  'init',
]

const REASONS: { readonly [key: string]: string } = {
  container_name:
    'containers are named PROJECT-SERVICE-NUMBER; others of the stack find them by the name of the service',
  hostname: 'others of the stack find it by the name of the service',
  links: 'others of the stack are found by the name of the service',
  secrets: 'secrets are settings, or variables of the main service',
  configs: 'only the template can give files to a service',
}

/** Every key that nothing was made of, one by one: ours in its place, or lost. */
export function mapLeftOut(context: Context): Part {
  const { roles, wanted } = context
  const services = Object.entries(roles.services).map(([role, service]) =>
    only([...ofService(service, wanted[role], role), ...(service === roles.main ? [] : labelsOf(service))]),
  )
  const front = roles.ingress === undefined ? [] : [only(ofIngress(roles.ingress.service, context))]
  return joined([...services, ...front, only(roles.unknown.map((one) => unknownService(one)))])
}

function ofService(service: SourceService, wanted: Service | undefined, role: string): readonly Note[] {
  return service.keys.flatMap((key) => {
    if (key === 'deploy') return ofDeploy(service)
    if (JUDGED.includes(key)) return []
    const field = FIELDS[key]
    if (field !== undefined && wanted !== undefined && isDeepStrictEqual(service.service[field], wanted[field]))
      return []
    return [ofKey(service, key, hasOwn(wanted, field, key), role)]
  })
}

/** Those of the main service may be routes, and are looked at elsewhere. */
function labelsOf(service: SourceService): readonly Note[] {
  return Object.keys(service.service.labels).map((label) =>
    note(
      'left out',
      `label ${label} of ${service.service.name}`,
      'labels are not carried over',
      service.place('labels', label),
    ),
  )
}

function hasOwn(wanted: Service | undefined, field: keyof Service | undefined, key: string): boolean {
  return OWN_WAY.includes(key) || (field !== undefined && wanted?.[field] !== undefined && key !== 'user')
}

function ofKey(service: SourceService, key: string, own: boolean, role: string): Note {
  const kind: NoteKind = own ? 'replaced' : 'left out'
  const why = REASONS[key] ?? (own ? `the template has its own for ${role}` : 'the template has no place for it')
  return note(kind, `${key} of ${service.service.name}`, why, service.place(key))
}

/** Limits of processors and memory are carried over; the rest of `deploy` is not. */
function ofDeploy(service: SourceService): readonly Note[] {
  const { replicas, updateConfig, resources, name } = service.service
  const rest = [
    ...(replicas === 1 ? [] : ['replicas']),
    ...(updateConfig === undefined ? [] : ['update_config']),
    ...(resources.pids === undefined ? [] : ['limit of processes']),
    ...(resources.cpuReservation === undefined && resources.memoryReservation === undefined ? [] : ['reservations']),
  ]
  return rest.map((what) =>
    note('left out', `${what} of ${name}`, 'the template has no place for it', service.place('deploy')),
  )
}

/** The program stays, its rules are written by ddalab. */
function ofIngress(service: SourceService, context: Context): readonly Note[] {
  const pair = certificates(context) ?? []
  const { name, mounts, labels, environment } = service.service
  const keys = service.keys.filter(
    (key) => !['image', 'ports', 'volumes', 'labels', 'environment', 'networks', 'profiles', ...OWN_WAY].includes(key),
  )
  const files = mounts.flatMap((mount, index) => {
    const isPair = mount.type === 'bind' && pair.some((path) => path === mount.source || dirname(path) === mount.source)
    const why = 'the rules of the ingress are written by ddalab'
    return isPair ? [] : [note('left out', `mount ${mount.target} of ${name}`, why, service.place('volumes', index))]
  })
  return [
    ...keys.map((key) => ofKey(service, key, key === 'command' || key === 'entrypoint', 'the ingress')),
    ...files,
    ...Object.keys(labels)
      .filter((label) => label !== 'traefik.enable')
      .map((label) =>
        note(
          'left out',
          `label ${label} of ${name}`,
          'the rules of the ingress are written by ddalab',
          service.place('labels', label),
        ),
      ),
    ...Object.keys(environment).map((variable) =>
      note(
        'left out',
        `variable ${variable} of ${name}`,
        'only variables of the main service can be carried over',
        service.place('environment', variable),
      ),
    ),
  ]
}

function unknownService(service: SourceService): Note {
  const why = service.active
    ? 'the template has no such service; its containers go on until they are in the way, and nothing of theirs is removed'
    : 'the template has no such service; it is not switched on'
  return note('left out', `service ${service.service.name}`, why, service.place('image'))
}

const only = (notes: readonly Note[]): Part => ({ settings: [], notes })
