import type { ServiceState } from '../../../core/actions/service-state.ts'
import type { ServiceStatus } from '../../../core/actions/status.ts'
import { formatBytes } from '../../cli/format.ts'
import { glyph, type Style } from '../../cli/style.ts'
import { type Ring, sparkline } from '../history.ts'
import type { Snapshot } from '../source.ts'
import type { State } from '../state.ts'
import { INSTANCE, portSpans, restarts, SERVICE, since, webLink } from './look.ts'
import { cpuText, memoryText, usageOf } from './services.ts'
import { type Area, box, type Span, type Spans } from './spans.ts'

const fact = (name: string, ...spans: readonly Span[]): Spans => [{ text: name.padEnd(9), tone: 'quiet' }, ...spans]

/** The service that the cursor is on. */
export function serviceBox(state: State, area: Area, style: Style): readonly Spans[] {
  const { snapshot, selected, history, now } = state
  const service = snapshot?.status.services.find(({ name }) => name === selected)
  if (service === undefined) return box('Service', [], area, style)
  const { sign, tone } = SERVICE[service.state]
  const health = service.health === 'none' ? '' : `, ${service.health}`
  const usage = usageOf(service, history)
  // Frame, name of the fact, figure.
  const bars = style.isLinear === true ? 0 : Math.max(0, area.width - 4 - 9 - 11)
  const figure = (name: string, text: string, ring: Ring, top?: number): Spans =>
    fact(name, { text: text.padEnd(11) }, { text: sparkline(ring, bars, style.unicode, top) })
  const lines: readonly Spans[] = [
    fact('state', { text: `${glyph(style, sign)} ${service.state}${health}`, tone }, ...uptime(service, now)),
    ...(usage === undefined
      ? []
      : [
          figure('cpu', cpuText(usage), usage.cpu, 5),
          figure('memory', memoryText(usage), usage.memory),
          figure('network', rateText(usage.network), usage.network),
          figure('disk', rateText(usage.disk), usage.disk),
          fact('limit', { text: usage.memoryLimit === 0 ? '-' : formatBytes(usage.memoryLimit) }),
        ]),
    fact('health', ...pulseSpans(state.pulse.states.get(service.name) ?? [], area.width - 4 - 9, style)),
    fact('ports', ...(service.ports.length === 0 ? [{ text: '-' }] : portSpans(service))),
    fact('image', { text: service.image }),
    fact('restarts', { text: String(restarts(service)) }),
    fact('needs', { text: service.dependsOn.length === 0 ? '-' : service.dependsOn.join(', ') }),
    ...service.containers.map(({ name, id }) => fact('runs as', { text: `${name}  ${id.slice(0, 12)}` })),
    ...(service.digest === null ? [] : [fact('digest', { text: service.digest })]),
  ]
  return box(service.name, lines, area, style)
}

/** How it was in the last minutes, the latest on the right; what is alike is one piece. */
function pulseSpans(states: readonly ServiceState[], width: number, style: Style): Spans {
  const spans: Span[] = []
  for (const state of states.slice(-Math.max(1, width))) {
    const { sign, tone } = SERVICE[state]
    const last = spans.at(-1)
    if (last?.tone === tone) spans[spans.length - 1] = { ...last, text: last.text + glyph(style, sign) }
    else spans.push({ text: glyph(style, sign), tone })
  }
  return spans
}

/** Bytes a second. */
function rateText(ring: Ring): string {
  const rate = ring.at(-1)
  return rate === undefined ? '-' : `${formatBytes(rate)}/s`
}

function uptime({ state, containers }: ServiceStatus, now: Date): Spans {
  const started = containers.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  if (state !== 'running' || started.length === 0) return []
  return [{ text: ` for ${since(new Date(Math.min(...started)), now)}` }]
}

/** What one can go back to. */
export function pointsBox({ snapshot, now }: State, area: Area, style: Style): readonly Spans[] {
  const points = snapshot?.points ?? []
  const lines = points.map(
    ({ id, version, deployedAt, current, hasData }): Spans => [
      { text: current ? `${glyph(style, 'running')} ` : '  ', tone: 'good' },
      { text: id, tone: 'strong' },
      { text: `  ${version}  ${since(deployedAt, now)} ago${hasData ? '  +data' : ''}` },
    ],
  )
  const none: Spans = [{ text: 'None yet: each healthy deploy makes one.', tone: 'quiet' }]
  return box('Rollback points', lines.length === 0 ? [none] : lines, area, style)
}

/** What has happened, the latest first; younger than a day by its hour. */
export function activityBox({ snapshot, happenings, now }: State, area: Area, style: Style): readonly Spans[] {
  const lines = happenings.slice(0, Math.max(0, area.height - 2)).map(({ at, sign, tone, what, text }): Spans => {
    const isRecent = now.getTime() - Date.parse(at) < 24 * 3_600_000
    return [
      { text: isRecent ? at.slice(11, 16) : at.slice(5, 10), tone: 'quiet' },
      { text: ` ${glyph(style, sign)} `, tone },
      { text: what === 'health' ? text : `${what} ${text}` },
    ]
  })
  const isAbsent = snapshot?.status.state === 'absent'
  const none: Spans = [
    { text: isAbsent ? 'Nothing is deployed: d deploys it.' : 'Nothing has happened yet.', tone: 'quiet' },
  ]
  return box('Activity', lines.length === 0 ? [none] : lines, area, style)
}

/** The instance as a whole. */
export function instanceBox({ now }: State, { status }: Snapshot, area: Area, style: Style): readonly Spans[] {
  const { sign, tone } = INSTANCE[status.state]
  const { release } = status
  const lines: readonly Spans[] = [
    fact('state', { text: `${glyph(style, sign)} ${status.state}`, tone }),
    fact('version', { text: status.version ?? '-' }),
    fact('release', { text: release === null ? '-' : `${release.id}, ${since(release.deployedAt, now)} ago` }),
    ...status.addresses.map((address) => fact('open', { text: address, tone: 'note', link: webLink(address) })),
  ]
  return box('Instance', lines, area, style)
}
