import type { Lookup } from '../interpolate.ts'
import type { Logging, Service, Ulimit } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { impliedDependencies, readDependsOn } from './depends-on.ts'
import { readDeploy, resourcesOf } from './deploy.ts'
import { type ReadFile, readEnvFiles } from './env-files.ts'
import { readFileReferences } from './files.ts'
import { readHealthcheck } from './healthcheck.ts'
import { readCommand, readEnvironment, readPairs, readTable, readTextOrTexts, readTexts } from './lists.ts'
import { readMounts } from './mounts.ts'
import { readServiceNetworks } from './networks.ts'
import type { Base } from './paths.ts'
import { readExpose, readPorts } from './ports.ts'
import { checkServiceKeys } from './service-keys.ts'
import { readDuration, readSize } from './units.ts'

export interface ServiceContext {
  readonly base: Base
  readonly lookup: Lookup
  readonly readFile: ReadFile
}

/** One service in normal form. Mistakes are reported through the cursor; the result is of use only without any. */
export function readService(name: string, cursor: Cursor, context: ServiceContext): Service {
  checkServiceKeys(cursor)
  const get = (key: string): Cursor => cursor.get(key)
  const text = (key: string): string | undefined => get(key).text()
  const networkMode = text('network_mode')
  const pidMode = text('pid')
  const ipcMode = text('ipc')
  const volumesFrom = readTexts(get('volumes_from'))
  const deploy = readDeploy(get('deploy'))
  const inService = resourcesOf({
    cpus: get('cpus').number(),
    memory: readSize(get('mem_limit')),
    pids: get('pids_limit').integer(),
    cpuReservation: undefined,
    memoryReservation: readSize(get('mem_reservation')),
  })
  if (networkMode !== undefined && get('networks').present) {
    get('network_mode').error(`${cursor.name} has both networks and a network_mode`, 'Remove one of them.')
  }
  if (!get('image').present && !get('build').present) cursor.error(`${cursor.name} has no image`, 'Add image.')

  return {
    name,
    image: text('image') ?? '',
    pullPolicy: readPullPolicy(get('pull_policy')),
    environment: {
      ...readEnvFiles(get('env_file'), context),
      ...readEnvironment(get('environment'), context.lookup),
    },
    labels: readTable(get('labels')),
    ports: readPorts(get('ports')),
    expose: readExpose(get('expose')),
    mounts: readMounts(get('volumes'), get('tmpfs'), context.base),
    volumesFrom,
    configs: readFileReferences(get('configs'), 'config'),
    secrets: readFileReferences(get('secrets'), 'secret'),
    networks:
      networkMode === undefined ? withMacAddress(readServiceNetworks(get('networks')), text('mac_address')) : {},
    dependsOn: {
      ...impliedDependencies([networkMode, pidMode, ipcMode], volumesFrom),
      ...readDependsOn(get('depends_on')),
    },
    restart: readRestart(get('restart')) ?? deploy.restart ?? 'no',
    replicas: get('scale').integer() ?? deploy.replicas ?? 1,
    resources: { ...inService, ...deploy.resources },
    groupAdd: readTexts(get('group_add')),
    tty: get('tty').boolean() ?? false,
    stdinOpen: get('stdin_open').boolean() ?? false,
    privileged: get('privileged').boolean() ?? false,
    readOnly: get('read_only').boolean() ?? false,
    capAdd: readTexts(get('cap_add')),
    capDrop: readTexts(get('cap_drop')),
    securityOpt: readTexts(get('security_opt')),
    devices: get('devices').items().flatMap(readDevice),
    dns: readTextOrTexts(get('dns')),
    dnsSearch: readTextOrTexts(get('dns_search')),
    extraHosts: readExtraHosts(get('extra_hosts')),
    sysctls: readTable(get('sysctls')),
    ulimits: Object.fromEntries(
      get('ulimits')
        .entries()
        .map(([key, limit]) => [key, readUlimit(limit)]),
    ),
    singleWriter: false,
    ...defined({
      networkMode,
      pidMode,
      ipcMode,
      platform: text('platform'),
      containerName: text('container_name'),
      hostname: text('hostname'),
      domainname: text('domainname'),
      command: readCommand(get('command')),
      entrypoint: readCommand(get('entrypoint')),
      healthcheck: readHealthcheck(get('healthcheck')),
      updateConfig: deploy.updateConfig,
      user: text('user'),
      workingDir: text('working_dir'),
      init: get('init').boolean(),
      shmSize: readSize(get('shm_size')),
      stopSignal: text('stop_signal'),
      stopGracePeriod: readDuration(get('stop_grace_period')),
      logging: readLogging(get('logging')),
    }),
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** The fields that have a value; optional fields of the model are absent, never undefined. */
function defined<T extends object>(fields: T): Defined<T>
function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function withMacAddress(networks: Service['networks'], macAddress: string | undefined): Service['networks'] {
  const [first] = Object.entries(networks)
  if (macAddress === undefined || first === undefined) return networks
  return { ...networks, [first[0]]: { macAddress, ...first[1] } }
}

function readPullPolicy(cursor: Cursor): Service['pullPolicy'] {
  const policy = cursor.text()
  switch (policy) {
    case undefined:
    case 'missing':
    case 'if_not_present':
      return 'missing'
    case 'always':
    case 'never':
      return policy
    default:
      cursor.warn(`${cursor.name} ${policy} is not supported; missing is used`)
      return 'missing'
  }
}

function readRestart(cursor: Cursor): string | undefined {
  const policy = cursor.text()
  if (policy === undefined || /^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy)) return policy
  return cursor.expected('no, always, unless-stopped, on-failure or on-failure:3')
}

function readDevice(cursor: Cursor): readonly string[] {
  if (!cursor.isMap) {
    const device = cursor.text()
    return device === undefined ? [] : [device]
  }
  cursor.onlyKeys(['source', 'target', 'permissions'])
  const source = cursor.get('source').text() ?? cursor.expected('a device with a source')
  if (source === undefined) return []
  const target = cursor.get('target').text() ?? source
  const permissions = cursor.get('permissions').text() ?? 'rwm'
  if (permissions !== 'rwm') return [`${source}:${target}:${permissions}`]
  return [target === source ? source : `${source}:${target}`]
}

/** Normal form `name:address`; a name may have several addresses. */
function readExtraHosts(cursor: Cursor): readonly string[] {
  if (cursor.isMap) {
    return cursor
      .entries()
      .flatMap(([name, value]) => readTextOrTexts(value).map((address) => hostEntry(name, address)))
  }
  return readPairs(cursor).flatMap(([left, right]) => {
    const [, name, address] = right === undefined ? (/^([^:]+):(.+)$/.exec(left) ?? []) : [left, left, right]
    if (name !== undefined && address !== undefined) return hostEntry(name, address)
    cursor.expected('host names with addresses, as in name:10.0.0.1')
    return []
  })
}

function hostEntry(name: string, address: string): string {
  return `${name}:${address.replace(/^\[(.*)\]$/, '$1')}`
}

function readUlimit(cursor: Cursor): Ulimit {
  if (!cursor.isMap) {
    const both = cursor.integer() ?? 0
    return { soft: both, hard: both }
  }
  cursor.onlyKeys(['soft', 'hard'])
  return { soft: cursor.get('soft').integer() ?? 0, hard: cursor.get('hard').integer() ?? 0 }
}

function readLogging(cursor: Cursor): Logging | undefined {
  if (!cursor.present) return undefined
  cursor.onlyKeys(['driver', 'options'])
  const driver = cursor.get('driver').text()
  return { ...(driver !== undefined && { driver }), options: readTable(cursor.get('options')) }
}
