import type { Style } from '../../cli/style.ts'
import { wrap } from '../../wizard/view/text.ts'
import { isNotSetUp } from '../absent.ts'
import type { Snapshot } from '../source.ts'
import type { State, Surroundings } from '../state.ts'
import { activityBox, instanceBox, pointsBox, serviceBox } from './panels.ts'
import { servicesBox } from './services.ts'
import { type Area, beside, fill, type Spans } from './spans.ts'

/** From here on three panes stand side by side below the services, or two. */
const WIDE = 120
const NORMAL = 64
/** The fewest rows of a pane that is worth its frame. */
const LEAST_PANE = 5

/** Everything about the state at a glance. */
export function overview(state: State, around: Surroundings, area: Area, style: Style): readonly Spans[] {
  const { snapshot } = state
  if (isNotSetUp(state)) return fill(notSetUp(around, area), area.height)
  if (snapshot === undefined) return fill(withoutSnapshot(state, area), area.height)
  if (snapshot.status.services.length === 0) return fill(nothing(around, area), area.height)
  if (style.isLinear === true) {
    const parts = [servicesBox, serviceBox, pointsBox, activityBox].map((part) => part(state, area, style))
    return [...parts.flat(), ...instanceBox(state, snapshot, area, style)]
  }
  if (state.isZoomed) return serviceBox(state, area, style)
  const wanted = snapshot.status.services.length + 3
  const hasPanes = area.height >= LEAST_PANE * 2
  const height = hasPanes ? Math.min(wanted, area.height - LEAST_PANE) : area.height
  const services = servicesBox(state, { ...area, height }, style)
  if (!hasPanes) return services
  const rest = { ...area, height: area.height - height }
  return [...services, ...(area.width < NORMAL ? stacked(state, rest, style) : columns(state, snapshot, rest, style))]
}

/** The service beside what has happened to the instance. */
function columns(state: State, snapshot: Snapshot, { width, height }: Area, style: Style): readonly Spans[] {
  const isWide = width >= WIDE
  const side = Math.floor(width * (isWide ? 0.28 : 0.45))
  const above = Math.max(LEAST_PANE, Math.min(snapshot.points.length + 2, Math.floor(height / 2)))
  const below = { width: side, height: height - above }
  const points = (rows: number) => pointsBox(state, { width: side, height: rows }, style)
  const isShort = below.height < LEAST_PANE
  const pane = serviceBox(state, { width: width - side * (isWide ? 2 : 1), height }, style)
  if (!isWide) return beside([pane, isShort ? points(height) : [...points(above), ...activityBox(state, below, style)]])
  const activity = activityBox(state, { width: side, height }, style)
  if (isShort) return beside([pane, points(height), activity])
  return beside([pane, [...points(above), ...instanceBox(state, snapshot, below, style)], activity])
}

/** One pane below the other, the least important gone first. */
function stacked(state: State, { width, height }: Area, style: Style): readonly Spans[] {
  const lower = [pointsBox, activityBox].slice(0, Math.floor(height / LEAST_PANE) - 1)
  const rows = Math.max(LEAST_PANE, Math.floor(height / (lower.length + 2)))
  const boxes = lower.map((part) => part(state, { width, height: rows }, style))
  return [...serviceBox(state, { width, height: height - rows * lower.length }, style), ...boxes.flat()]
}

function withoutSnapshot({ connection }: State, { width }: Area): readonly Spans[] {
  if (connection.kind !== 'lost') return [[], [{ text: ' Looking at what runs...', tone: 'quiet' }]]
  const { message, hint } = connection
  return [
    [],
    ...wrap(message, width - 2).map((line): Spans => [{ text: ` ${line}`, tone: 'bad' }]),
    [],
    ...(hint === undefined ? [] : wrap(hint, width - 2).map((line): Spans => [{ text: ` ${line}` }])),
    [],
    [{ text: ' It is looked for again every two seconds.', tone: 'quiet' }],
  ]
}

/** The ways to an instance, each with its key and its command. */
function notSetUp({ instance, isReadOnly, commandLine }: Surroundings, { width }: Area): readonly Spans[] {
  const ways = [
    ['i', 'set it up: a few questions, then it can be deployed', commandLine('init')],
    ['I', 'import an installation that is here already', commandLine('import')],
    ['m', 'menu: other installations, and whether this machine can run one', commandLine('doctor')],
  ] as const
  const kept = 'Nothing can be set up here: the dashboard was opened with --read-only.'
  return [
    [],
    ...wrap(`"${instance}" is not set up yet.`, width - 2).map((line): Spans => [{ text: ` ${line}`, tone: 'strong' }]),
    [],
    ...ways.map(([key, what]): Spans => [{ text: ` ${key}  `, tone: 'strong' }, { text: what }]),
    [],
    ...(isReadOnly ? [kept] : ways.map(([, , command]) => command)).map(
      (line): Spans => [{ text: ` ${line}`, tone: isReadOnly ? 'warn' : 'note' }],
    ),
  ]
}

function nothing({ commandLine }: Surroundings, { width }: Area): readonly Spans[] {
  const text = `Nothing is deployed. Press d to deploy it; on the shell: ${commandLine('deploy')}`
  return [[], ...wrap(text, width - 2).map((line): Spans => [{ text: ` ${line}` }])]
}
