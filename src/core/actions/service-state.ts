import type { ObservedContainer } from '../providers/docker/index.ts'

export type InstanceState = 'absent' | 'stopped' | 'starting' | 'healthy' | 'degraded' | 'unhealthy'
export type ServiceState = 'absent' | 'stopped' | 'starting' | 'running' | 'unhealthy' | 'completed'

/** The worst of its containers decides; one whose successor is up already is only kept for the way back. */
export function serviceState(all: readonly ObservedContainer[]): ServiceState {
  const succeeded = new Set(all.filter(({ state }) => state === 'running').map(({ number }) => number))
  const containers = all.filter(({ state, number }) => state === 'running' || !succeeded.has(number))
  const [first] = containers
  if (first === undefined) return 'absent'
  if (containers.some(isUnwell)) return 'unhealthy'
  if (containers.some(({ state, health }) => state === 'running' && health === 'starting')) return 'starting'
  if (containers.every(({ state }) => state === 'running')) return 'running'
  // `no` is the policy of a one-shot: an exit with 0 is its end, not a failure (rule 26).
  const completed = containers.every(
    ({ state, exitCode, restartPolicy }) => state === 'exited' && exitCode === 0 && restartPolicy.name === 'no',
  )
  return completed ? 'completed' : 'stopped'
}

/** The engine marks what it has stopped as unhealthy: only what runs can be ill. */
function isUnwell({ state, health }: ObservedContainer): boolean {
  return (state === 'running' && health === 'unhealthy') || state === 'restarting' || state === 'dead'
}

export function overallState(services: readonly { readonly state: ServiceState }[]): InstanceState {
  const count = (...states: readonly ServiceState[]) => services.filter(({ state }) => states.includes(state)).length
  if (count('absent') === services.length) return 'absent'
  if (count('absent', 'stopped', 'completed') === services.length) return 'stopped'
  const well = count('running', 'completed')
  if (well === services.length) return 'healthy'
  if (count('unhealthy', 'stopped', 'absent') === 0) return 'starting'
  return well > 0 ? 'degraded' : 'unhealthy'
}

export function worstHealth(containers: readonly ObservedContainer[]): ObservedContainer['health'] {
  const order = ['unhealthy', 'starting', 'healthy'] as const
  return order.find((health) => containers.some((one) => one.state === 'running' && one.health === health)) ?? 'none'
}
