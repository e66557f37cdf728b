import { DdalabError } from '../../../errors.ts'
import { agreedVersion } from './api-version.ts'
import { connectionError } from './connection-errors.ts'
import { dockerEngine } from './docker-engine.ts'
import { type Endpoint, endpointUrl } from './endpoint.ts'
import type { CallOptions, Engine } from './engine.ts'
import { Transport } from './transport.ts'

/** ms until an engine that says nothing counts as not there; a busy one answers its ping at once. */
const PATIENCE = 20_000

/**
 * Connects to the first of the endpoints (from `resolveEndpoints`) where an engine answers, and agrees on an API version.
 * `platform` is ours, for the hint; `patience` is in ms. The caller closes the engine.
 * Errors: ENGINE_UNREACHABLE, ENGINE_FORBIDDEN, ENGINE_TOO_OLD, INTERRUPTED.
 */
export async function connect(
  endpoints: readonly [Endpoint, ...Endpoint[]],
  platform: NodeJS.Platform,
  { signal, patience = PATIENCE }: CallOptions & { readonly patience?: number } = {},
): Promise<Engine> {
  const failures: DdalabError[] = []
  for (const endpoint of endpoints) {
    const transport = new Transport(endpoint)
    try {
      const offered = await within(patience, transport.ping(signal))
      transport.apiVersion = agreedVersion(offered, endpointUrl(endpoint))
      return dockerEngine(endpoint, transport, transport.apiVersion)
    } catch (thrown) {
      transport.close()
      const failure = connectionError(thrown, endpoint, platform)
      if (failure.code === 'INTERRUPTED') throw failure
      failures.push(failure)
    }
  }
  throw mostTelling(failures, endpoints)
}

/** Rejects as the system does for a connection that nobody takes. A timer and no signal: that would load more of Node than it needs. */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })), milliseconds)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** Of several places tried, one that is there but refuses us tells more than one that is not there. */
function mostTelling(failures: readonly DdalabError[], endpoints: readonly Endpoint[]): DdalabError {
  const [first] = failures
  const telling = failures.find(({ code }) => code !== 'ENGINE_UNREACHABLE') ?? first
  if (telling === undefined) return new DdalabError('ENGINE_UNREACHABLE', 'No Docker engine was named')
  if (failures.length === 1 || telling.code !== 'ENGINE_UNREACHABLE') return telling
  return new DdalabError('ENGINE_UNREACHABLE', 'No Docker engine answers in any of the usual places', {
    ...telling.options,
    details: endpoints.map((endpoint) => `tried ${endpointUrl(endpoint)} (${endpoint.source})`),
  })
}
