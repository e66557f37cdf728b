import type { ErrorCode } from '../../../errors.ts'
import type { Container } from '../client/index.ts'

/** How long to wait for what. All in milliseconds. */
export interface HealthPolicy {
  /** Without a health check, a container counts as well after running this long without a restart (rule 22). */
  readonly stability: number
  /** How long to go on watching after it is healthy (rule 24). */
  readonly watch: number
  /** Restarts it had when the wait began. */
  readonly restarts: number
  /** It was there before: `unhealthy` may be a memory of the time when it was paused or its dependencies were down. */
  readonly forgiving: boolean
}

/** What the wait has seen so far; times in ms on the clock of the caller. */
export interface HealthHistory {
  readonly startedAt: number
  /** Since when it has been healthy, or running where it has no check. */
  readonly wellSince?: number
}

export type HealthVerdict =
  | { readonly kind: 'ready' }
  /** Look again on the next event, and at `until` at the latest. */
  | { readonly kind: 'waiting'; readonly until: number; readonly history: HealthHistory; readonly state: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly reason: string }

/** Judges a container at the time `now`. Pure. */
export function judgeHealth(
  container: Container | undefined,
  history: HealthHistory,
  policy: HealthPolicy,
  now: number,
): HealthVerdict {
  if (container === undefined) return { kind: 'failed', code: 'CONTAINER_NOT_FOUND', reason: 'was removed' }
  const { State, RestartCount } = container
  if (State.OOMKilled) return { kind: 'failed', code: 'CONTAINER_EXITED', reason: 'ran out of memory and was killed' }
  // Rule 25: a restart is a failure, not a reason to wait.
  if (State.Restarting || RestartCount > policy.restarts) {
    return { kind: 'failed', code: 'CONTAINER_EXITED', reason: `exited with code ${State.ExitCode} and was restarted` }
  }
  if (!State.Running) return { kind: 'failed', code: 'CONTAINER_EXITED', reason: `exited with code ${State.ExitCode}` }

  const check = State.Health?.Status
  if (check === 'unhealthy' && !policy.forgiving) return { kind: 'failed', code: 'UNHEALTHY', reason: 'is unhealthy' }
  if (check === 'starting' || check === 'unhealthy') return waitForCheck(container, check, history, now)

  const wellSince = history.wellSince ?? now
  const until = wellSince + Math.max(policy.watch, check === 'healthy' ? 0 : policy.stability)
  if (now >= until) return { kind: 'ready' }
  const state = check === 'healthy' ? 'healthy, watching' : 'running, watching'
  return { kind: 'waiting', until, history: { ...history, wellSince }, state }
}

/** Rule 23: `starting` for ever has an end. */
function waitForCheck(
  container: Container,
  state: 'starting' | 'unhealthy',
  history: HealthHistory,
  now: number,
): HealthVerdict {
  const until = history.startedAt + startingDeadline(container)
  if (now < until) return { kind: 'waiting', until, history: { startedAt: history.startedAt }, state }
  const seconds = Math.round((now - history.startedAt) / 1000)
  return { kind: 'failed', code: 'TIMED_OUT', reason: `was still ${state} after ${seconds} s` }
}

/** The engine's defaults for a health check, ms; retries is a count. */
const DEFAULT_CHECK = { interval: 30_000, timeout: 30_000, retries: 3 }
/** What the engine itself may take between two checks, ms. */
const SLACK = 5_000

/** start_period + (interval + timeout) x retries: after that the engine itself must have decided. */
export function startingDeadline({ Config }: Container): number {
  const check = Config.Healthcheck
  const milliseconds = (nanoseconds: number | undefined) => (nanoseconds ?? 0) / 1e6
  const interval = milliseconds(check?.Interval) || DEFAULT_CHECK.interval
  const timeout = milliseconds(check?.Timeout) || DEFAULT_CHECK.timeout
  const retries = check?.Retries || DEFAULT_CHECK.retries
  return milliseconds(check?.StartPeriod) + (interval + timeout) * retries + SLACK
}
