import type { Resources, UpdateConfig } from '../model.ts'
import type { Cursor } from './cursor.ts'
import { readDuration, readSize } from './units.ts'

/** What `deploy` says that a Docker host can do. */
export interface Deploy {
  readonly replicas?: number
  readonly updateConfig?: UpdateConfig
  readonly resources: Resources
  /** Its restart policy in the words of `restart`. */
  readonly restart?: string
}

const FOR_SWARM = ['placement', 'endpoint_mode', 'labels', 'rollback_config']

export function readDeploy(cursor: Cursor): Deploy {
  cursor.onlyKeys(['mode', 'replicas', 'update_config', 'resources', 'restart_policy', ...FOR_SWARM])
  for (const [key, child] of cursor.entries()) {
    const empty = child.isMap && child.entries().length === 0
    if (FOR_SWARM.includes(key) && child.present && !empty) {
      child.onKey('warning', `${child.name} has no effect on a Docker host`)
    }
  }
  const mode = cursor.get('mode').oneOf(['replicated', 'global'])
  if (mode === 'global') cursor.get('mode').warn(`${cursor.name}.mode global means one container on a Docker host`)
  const replicas = cursor.get('replicas').integer()
  const updateConfig = readUpdateConfig(cursor.get('update_config'))
  const restart = readRestartPolicy(cursor.get('restart_policy'))
  return {
    ...(replicas !== undefined && { replicas }),
    ...(updateConfig !== undefined && { updateConfig }),
    resources: readResources(cursor.get('resources')),
    ...(restart !== undefined && { restart }),
  }
}

function readUpdateConfig(cursor: Cursor): UpdateConfig | undefined {
  if (!cursor.present) return undefined
  cursor.onlyKeys(['parallelism', 'delay', 'failure_action', 'monitor', 'max_failure_ratio', 'order', 'x-drain'])
  if ((cursor.get('max_failure_ratio').number() ?? 0) > 0) {
    cursor.get('max_failure_ratio').warn(`${cursor.name}.max_failure_ratio is not used: one failure counts`)
  }
  const failureAction = cursor.get('failure_action').oneOf(['pause', 'continue', 'rollback'])
  if (failureAction === 'pause') {
    cursor
      .get('failure_action')
      .warn(`${cursor.name}.failure_action pause acts as rollback: no update is left half done`)
  }
  const monitor = readDuration(cursor.get('monitor'))
  const order = cursor.get('order').oneOf(['stop-first', 'start-first'])
  const drain = readDuration(cursor.get('x-drain'))
  return {
    parallelism: cursor.get('parallelism').integer() ?? 1,
    delay: readDuration(cursor.get('delay')) ?? 0,
    ...(failureAction !== undefined && { failureAction }),
    ...(monitor !== undefined && { monitor }),
    ...(order !== undefined && { order }),
    ...(drain !== undefined && { drain }),
  }
}

function readResources(cursor: Cursor): Resources {
  cursor.onlyKeys(['limits', 'reservations'])
  const limits = cursor.get('limits')
  const reservations = cursor.get('reservations')
  limits.onlyKeys(['cpus', 'memory', 'pids'])
  reservations.onlyKeys(['cpus', 'memory', 'devices', 'generic_resources'])
  for (const key of ['devices', 'generic_resources']) {
    const child = reservations.get(key)
    if (child.present)
      child.onKey('error', `${child.name} is not supported`, 'Remove it, or run the service with Compose.')
  }
  return resourcesOf({
    cpus: limits.get('cpus').number(),
    memory: readSize(limits.get('memory')),
    pids: limits.get('pids').integer(),
    cpuReservation: reservations.get('cpus').number(),
    memoryReservation: readSize(reservations.get('memory')),
  })
}

/** Resources without what is not given; 0 means no limit in Compose. */
export function resourcesOf(given: { readonly [Key in keyof Resources]-?: number | undefined }): Resources {
  const { cpus, memory, pids, cpuReservation, memoryReservation } = given
  return {
    ...(cpus && { cpus }),
    ...(memory && { memory }),
    ...(pids && pids > 0 && { pids }),
    ...(cpuReservation && { cpuReservation }),
    ...(memoryReservation && { memoryReservation }),
  }
}

function readRestartPolicy(cursor: Cursor): string | undefined {
  if (!cursor.present) return undefined
  cursor.onlyKeys(['condition', 'delay', 'max_attempts', 'window'])
  for (const key of ['delay', 'window']) {
    if (cursor.get(key).present)
      cursor.get(key).onKey('warning', `${cursor.get(key).name} has no effect on a Docker host`)
  }
  const attempts = cursor.get('max_attempts').integer()
  switch (cursor.get('condition').oneOf(['none', 'on-failure', 'any'])) {
    case 'none':
      return 'no'
    case 'on-failure':
      return attempts === undefined ? 'on-failure' : `on-failure:${attempts}`
    default:
      return 'always'
  }
}
