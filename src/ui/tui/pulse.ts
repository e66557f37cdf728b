import type { ServiceState } from '../../core/actions/service-state.ts'
import type { ServiceStatus } from '../../core/actions/status.ts'

/** How the services were, oldest first: of each few seconds the worst. Services that are gone are forgotten. */
export interface Pulse {
  /** When the latest of them began, in ms. */
  readonly at: number
  readonly states: ReadonlyMap<string, readonly ServiceState[]>
}

export const NO_PULSE: Pulse = { at: Number.NEGATIVE_INFINITY, states: new Map() }

/** ms that one state stands for. */
const BEAT = 5_000
/** Ten minutes. */
const KEPT = 120

const WORSE: readonly ServiceState[] = ['completed', 'running', 'starting', 'stopped', 'absent', 'unhealthy']

export function recordStates({ at, states }: Pulse, services: readonly ServiceStatus[], now: Date): Pulse {
  const isNext = now.getTime() - at >= BEAT
  return {
    at: isNext ? now.getTime() : at,
    states: new Map(
      services.map(({ name, state }) => {
        const before = states.get(name) ?? []
        const last = isNext ? undefined : before.at(-1)
        if (last === undefined) return [name, [...before.slice(1 - KEPT), state]]
        return [name, [...before.slice(0, -1), WORSE.indexOf(state) > WORSE.indexOf(last) ? state : last]]
      }),
    ),
  }
}
