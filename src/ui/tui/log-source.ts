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

/** ms in which lines are gathered: what comes within them is drawn together. */
const TOGETHER = 100
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
          const hand = (found: readonly ServiceLogLine[]) => {
            taken.take(found)
            take(found.map((one) => ({ ...one, line: redact(one.line) })))
          }
          await gather(lines, isNew, hand, signal)
        } catch {
          // Why nothing can be read is what the status says, too.
        }
        await pause(RETRY, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

/** Hands new lines on together, some times a second; those of a reading that was given up are left to the next one. */
async function gather(
  lines: AsyncIterable<ServiceLogLine>,
  isNew: (line: ServiceLogLine) => boolean,
  take: (lines: readonly ServiceLogLine[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let gathered: ServiceLogLine[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    const ready = gathered
    gathered = []
    if (ready.length > 0 && !signal.aborted) take(ready)
  }
  try {
    for await (const line of lines) {
      if (signal.aborted) return
      if (!isNew(line)) continue
      gathered.push(line)
      timer ??= setTimeout(flush, TOGETHER)
    }
  } finally {
    clearTimeout(timer)
    flush()
  }
}
