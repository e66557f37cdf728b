import { setTimeout as pause } from 'node:timers/promises'
import { logs, type ServiceLogLine } from '../../core/actions/logs.ts'
import type { Target, World } from '../../core/actions/world.ts'
import { quietWorld } from './quiet-world.ts'
import { TakenLogs } from './taken-logs.ts'

/** Where the lines come from. */
export interface LogSource {
  /** Hands on what there is and what comes, in order of time, until the signal fires. Begun again, it goes on where it was. */
  watch(take: (lines: readonly ServiceLogLine[]) => void, signal: AbortSignal): Promise<void>
}

/** ms until containers that have all ended are looked for again. */
const RETRY = 1_000

/** The logs of the services, through core. No secret is in them. */
export function liveLogs(world: World, target: Target): LogSource {
  const taken = new TakenLogs()
  return {
    watch: async (take, stop) => {
      const { world: quiet, redact: redactSecrets } = quietWorld(world, stop)
      const { signal } = quiet
      while (!signal.aborted) {
        try {
          const { lines } = await logs(quiet, target, { services: [], follow: true, ...taken.beginning() })
          const isNew = taken.begin()
          const redact = redactSecrets()
          const redacted = (one: ServiceLogLine) => {
            const line = redact(one.line)
            return line === one.line ? one : { ...one, line }
          }
          for await (const together of lines) {
            if (signal.aborted) break
            const found = together.filter(isNew)
            taken.take(found)
            take(found.map(redacted))
          }
        } catch {
          // Why nothing can be read is what the status says, too.
        }
        await pause(RETRY, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}
