import { formatDuration } from './format.ts'
import { type Glyph, glyph, paint, type Style, type Tone } from './style.ts'
import { type Cell, renderTable } from './table.ts'

export type InstanceState = 'absent' | 'stopped' | 'starting' | 'healthy' | 'degraded' | 'unhealthy'

interface ContainerStatus {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly health: string
  readonly restarts: number
  /** ISO 8601; null when it never ran. */
  readonly startedAt: string | null
}

interface ServiceStatus {
  readonly name: string
  readonly state: string
  readonly health: string
  readonly image: string
  readonly digest: string | null
  readonly containers: readonly ContainerStatus[]
  /** As people write them: `127.0.0.1:8001->8001/tcp`. */
  readonly ports: readonly string[]
}

interface Operation {
  readonly command: string
  readonly startedAt: string
  readonly interrupted: boolean
}

/** The data of `status --json` as this view needs it. */
export interface StatusView {
  readonly instance: string
  readonly provider: string
  readonly version: string | null
  readonly state: InstanceState
  readonly services: readonly ServiceStatus[]
  readonly release: { readonly id: string; readonly version: string; readonly deployedAt: string } | null
  readonly rollbackPoints: readonly unknown[]
  /** Under way, or interrupted and not yet finished. */
  readonly operation: Operation | null
}

const STATES: { readonly [state in InstanceState]: { readonly sign: Glyph; readonly tone: Tone } } = {
  absent: { sign: 'stopped', tone: 'quiet' },
  stopped: { sign: 'stopped', tone: 'quiet' },
  starting: { sign: 'partly', tone: 'warn' },
  healthy: { sign: 'running', tone: 'good' },
  degraded: { sign: 'partly', tone: 'warn' },
  unhealthy: { sign: 'failed', tone: 'bad' },
}

/** The tone of a container's or a service's own words. */
function serviceTone(state: string, health: string): Tone {
  if (health === 'unhealthy' || state === 'dead' || state === 'restarting') return 'bad'
  if (health === 'starting' || state === 'created' || state === 'paused') return 'warn'
  return state === 'running' ? 'good' : 'quiet'
}

function serviceRow(service: ServiceStatus, now: Date): Cell[] {
  const tone = serviceTone(service.state, service.health)
  const started = service.containers.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  const up = service.state === 'running' && started.length > 0 ? now.getTime() - Math.min(...started) : undefined
  const restarts = service.containers.reduce((sum, container) => sum + container.restarts, 0)
  return [
    { text: service.name, tone: 'strong' },
    { text: service.state, tone },
    { text: service.health === 'none' || service.health === '' ? '-' : service.health, tone },
    up === undefined ? '-' : formatDuration(Math.max(0, up)),
    String(restarts),
    service.image,
    service.ports.join(', ') || '-',
  ]
}

/** One line on the whole, one table row for each service. */
export function renderStatus(status: StatusView, style: Style, now: Date): string {
  const { sign, tone } = STATES[status.state]
  const head = [
    paint(style, 'strong', status.instance),
    ...(status.version === null ? [] : [status.version]),
    paint(style, tone, `${glyph(style, sign)} ${status.state}`),
    ...(status.release === null ? [] : [`release ${status.release.id}, ${ago(status.release.deployedAt, now)} ago`]),
    ...(status.operation === null ? [] : [paint(style, 'warn', operationText(status.operation, now))]),
  ].join('  ')
  if (status.services.length === 0) return head
  const table = renderTable(
    [
      { header: 'SERVICE' },
      { header: 'STATE' },
      { header: 'HEALTH' },
      { header: 'UP', align: 'right' },
      { header: 'RESTARTS', align: 'right' },
      { header: 'IMAGE', shrink: 2 },
      { header: 'PORTS', shrink: 3 },
    ],
    status.services.map((service) => serviceRow(service, now)),
    style,
  )
  return `${head}\n\n${table}`
}

function operationText({ command, startedAt, interrupted }: Operation, now: Date): string {
  const text = `${command}, begun ${ago(startedAt, now)} ago`
  return interrupted ? `interrupted: ${text}; the next change finishes or undoes it` : `under way: ${text}`
}

function ago(at: string, now: Date): string {
  return formatDuration(Math.max(0, now.getTime() - Date.parse(at)))
}
