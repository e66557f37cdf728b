import type { InstanceState } from '../../../core/actions/service-state.ts'
import type { ServiceStatus, Status } from '../../../core/actions/status.ts'
import { formatDuration } from '../format.ts'
import { type Glyph, glyph, paint, type Style, type Tone } from '../style.ts'
import { type Cell, renderTable } from '../table.ts'

const STATES: { readonly [state in InstanceState]: { readonly sign: Glyph; readonly tone: Tone } } = {
  absent: { sign: 'stopped', tone: 'quiet' },
  stopped: { sign: 'stopped', tone: 'quiet' },
  starting: { sign: 'partly', tone: 'warn' },
  healthy: { sign: 'running', tone: 'good' },
  degraded: { sign: 'partly', tone: 'warn' },
  unhealthy: { sign: 'failed', tone: 'bad' },
}

const TONES: { readonly [state in ServiceStatus['state']]: Tone } = {
  absent: 'quiet',
  stopped: 'quiet',
  starting: 'warn',
  running: 'good',
  unhealthy: 'bad',
  completed: 'quiet',
}

function serviceRow(service: ServiceStatus, now: Date): Cell[] {
  const tone = TONES[service.state]
  const started = service.containers.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  const up = service.state === 'running' && started.length > 0 ? now.getTime() - Math.min(...started) : undefined
  const restarts = service.containers.reduce((sum, container) => sum + container.restarts, 0)
  return [
    { text: service.name, tone: 'strong' },
    { text: service.state, tone },
    { text: service.health === 'none' ? '-' : service.health, tone },
    up === undefined ? '-' : formatDuration(Math.max(0, up)),
    String(restarts),
    service.image,
    portsText(service.ports),
  ]
}

/** A port that is open on all addresses is told once, not once more for IPv6. */
function portsText(ports: readonly string[]): string {
  const twins = new Set(ports.filter((port) => port.startsWith('0.0.0.0:')).map((port) => port.slice('0.0.0.0'.length)))
  return ports.filter((port) => !port.startsWith('[::]') || !twins.has(port.slice('[::]'.length))).join(', ') || '-'
}

/** One line on the whole, a row for each service, where to open it. */
export function renderStatus(status: Status, style: Style, now: Date): string {
  const { sign, tone } = STATES[status.state]
  const head = [
    paint(style, 'strong', status.instance),
    ...(status.version === null ? [] : [status.version]),
    paint(style, tone, `${glyph(style, sign)} ${status.state}`),
    ...(status.release === null ? [] : [`release ${status.release.id}, ${ago(status.release.deployedAt, now)} ago`]),
    ...(status.operation === null ? [] : [paint(style, 'warn', operationText(status.operation, now))]),
    ...(status.update === null ? [] : [paint(style, 'note', updateText(status.update, style))]),
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
  const open = status.addresses.map((address) => `Open  ${paint(style, 'note', address)}`)
  return [head, '', table, ...(open.length === 0 ? [] : ['', ...open])].join('\n')
}

function operationText({ command, startedAt, interrupted }: NonNullable<Status['operation']>, now: Date): string {
  const text = `${command}, begun ${ago(startedAt, now)} ago`
  return interrupted ? `interrupted: ${text}; the next change finishes or undoes it` : `under way: ${text}`
}

function ago(at: string, now: Date): string {
  return formatDuration(Math.max(0, now.getTime() - Date.parse(at)))
}

function updateText({ version, mandatory }: NonNullable<Status['update']>, style: Style): string {
  return `${glyph(style, 'warning')} ${version} available${mandatory ? ', and mandatory' : ''}`
}
