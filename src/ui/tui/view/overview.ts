import type { Style } from '../../cli/style.ts'
import { wrap } from '../../wizard/view/text.ts'
import { isNotSetUp } from '../absent.ts'
import type { State, Surroundings } from '../state.ts'
import { instanceBox, pointsBox, serviceBox } from './panels.ts'
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
  const wanted = snapshot.status.services.length + 3
  const hasPanes = area.height >= LEAST_PANE * 2
  const height = hasPanes ? Math.min(wanted, area.height - LEAST_PANE) : area.height
  if (style.isLinear === true) {
    const parts = [servicesBox(state, area, style), serviceBox(state, area, style), pointsBox(state, area, style)]
    return [...parts.flat(), ...instanceBox(state, snapshot, area, style)]
  }
  const services = servicesBox(state, { ...area, height }, style)
  if (!hasPanes) return services
  const rest = area.height - height
  const at = (width: number, rows = rest): Area => ({ width, height: rows })
  if (area.width >= WIDE) {
    const side = Math.floor(area.width * 0.28)
    const panes = [
      serviceBox(state, at(area.width - 2 * side), style),
      pointsBox(state, at(side), style),
      instanceBox(state, snapshot, at(side), style),
    ]
    return [...services, ...beside(panes)]
  }
  if (area.width >= NORMAL) {
    const side = Math.floor(area.width * 0.45)
    return [
      ...services,
      ...beside([serviceBox(state, at(area.width - side), style), pointsBox(state, at(side), style)]),
    ]
  }
  if (rest < 2 * LEAST_PANE) return [...services, ...serviceBox(state, at(area.width), style)]
  const below = Math.max(LEAST_PANE, Math.floor(rest / 3))
  return [
    ...services,
    ...serviceBox(state, at(area.width, rest - below), style),
    ...pointsBox(state, at(area.width, below), style),
  ]
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
