import type { ServiceStatus } from '../../../core/actions/status.ts'
import { formatBytes } from '../../cli/format.ts'
import { glyph, type Style } from '../../cli/style.ts'
import { type History, sparkline, type Usage } from '../history.ts'
import type { State } from '../state.ts'
import { type Column, tableLines } from './columns.ts'
import { imageTag, portSpans, restarts, SERVICE } from './look.ts'
import { type Area, box, type Span, type Spans } from './spans.ts'

/** Columns of the bars in the table. */
const BARS = 8

/** All services, the cursor always in sight. */
export function servicesBox(state: State, area: Area, style: Style): readonly Spans[] {
  const services = state.snapshot?.status.services ?? []
  const [head = [], ...rows] = tableLines(columnsOf(services, state, style), area.width - 4, style)
  const room = Math.max(1, area.height - 3)
  const cursor = services.findIndex(({ name }) => name === state.selected)
  const top = Math.max(0, Math.min(cursor - room + 1, rows.length - room))
  const title = rows.length > room ? `Services ${top + 1}-${top + room} of ${rows.length}` : 'Services'
  return box(title, [head, ...rows.slice(top, top + room)], area, style)
}

function columnsOf(services: readonly ServiceStatus[], state: State, style: Style): readonly Column[] {
  const column = (header: string, rank: number, cell: (service: ServiceStatus) => Spans, align?: 'right'): Column => ({
    header,
    rank,
    cells: services.map(cell),
    ...(align !== undefined && { align }),
  })
  const used = (cell: (usage: Usage) => string) => (service: ServiceStatus) => {
    const usage = usageOf(service, state.history)
    return [usage === undefined ? { text: '-', tone: 'quiet' as const } : { text: cell(usage) }]
  }
  /** They cannot be read out. */
  const bars = (rank: number, cell: (usage: Usage) => string) =>
    style.isLinear === true ? [] : [column('', rank, used(cell))]
  const cursor = style.unicode ? '▸' : '>'
  return [
    column('  SERVICE', 0, ({ name, state: how }) => [
      { text: name === state.selected ? cursor : ' ', tone: 'strong' },
      { text: `${glyph(style, SERVICE[how].sign)} `, tone: SERVICE[how].tone },
      { text: name, tone: name === state.selected ? 'strong' : undefined, hit: { kind: 'service', name } },
    ]),
    column('STATE', 1, ({ state: how }) => [{ text: how, tone: SERVICE[how].tone }]),
    column('HEALTH', 5, healthCell),
    column('CPU', 2, used(cpuText), 'right'),
    ...bars(8, ({ cpu }) => sparkline(cpu, BARS, style.unicode, 5)),
    column('MEMORY', 3, used(memoryText), 'right'),
    ...bars(9, ({ memory }) => sparkline(memory, BARS, style.unicode)),
    column('RESTARTS', 6, (service) => [restartCell(service)], 'right'),
    column('VERSION', 4, ({ image }) => [{ text: imageTag(image) }]),
    column('PORTS', 7, portSpans),
  ]
}

function healthCell({ health, state }: ServiceStatus): Spans {
  return [health === 'none' ? { text: '-', tone: 'quiet' } : { text: health, tone: SERVICE[state].tone }]
}

function restartCell(service: ServiceStatus): Span {
  const count = restarts(service)
  return { text: String(count), tone: count === 0 ? 'quiet' : 'warn' }
}

/** What a service uses, while it runs. */
export function usageOf({ name, containers }: ServiceStatus, history: History): Usage | undefined {
  return containers.some(({ state }) => state === 'running') ? history.get(name) : undefined
}

export const cpuText = ({ cpu }: Usage) => `${(cpu.at(-1) ?? 0).toFixed(1)}%`
export const memoryText = ({ memory }: Usage) => formatBytes(memory.at(-1) ?? 0)
