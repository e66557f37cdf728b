import { setTimeout as pause } from 'node:timers/promises'
import { logs, type ServiceLogLine } from '../../core/actions/logs.ts'
import type { Target, World } from '../../core/actions/world.ts'
import { redactor } from '../../core/redact.ts'

/** Where the lines come from. */
export interface LogSource {
  /** Hands on what there is and what comes, in order of time, until the signal fires. Begun again, it goes on where it was. */
  watch(take: (lines: readonly ServiceLogLine[]) => void, signal: AbortSignal): Promise<void>
}

/** Lines of each container to begin with. */
const TAIL = 2_000
/** ms in which lines are gathered: what comes within them is drawn together. */
const TOGETHER = 100
/** ms until containers that have all ended are looked for again. */
const RETRY = 1_000
/** Seconds that are read once more when the reading is begun again: containers do not log in one order. */
const OVERLAP = 2

/** The logs of the services, through core. No secret is in them. */
export function liveLogs(world: World, target: Target): LogSource {
  /** The time of the last line of each container; Docker writes them all with the same digits. */
  const last = new Map<string, string>()
  return {
    watch: async (take, stop) => {
      const signal = AbortSignal.any([world.signal, stop])
      const secrets = new Set<string>()
      const watched: World = {
        ...world,
        signal,
        sink: { emit: () => undefined },
        hide: (values) => {
          for (const value of values) secrets.add(value)
          world.hide(secrets)
        },
      }
      while (!signal.aborted) {
        try {
          const { lines } = await logs(watched, target, { services: [], follow: true, ...beginning(last) })
          const redact = redactor(secrets)
          await gather(
            fresh(lines, last),
            (found) => take(found.map((one) => ({ ...one, line: redact(one.line) }))),
            signal,
          )
        } catch {
          // Why nothing can be read is what the status says, too.
        }
        await pause(RETRY, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

function beginning(last: ReadonlyMap<string, string>): { readonly tail: number } | { readonly since: number } {
  const [newest] = [...last.values()].sort().slice(-1)
  return newest === undefined ? { tail: TAIL } : { since: Date.parse(newest) / 1000 - OVERLAP }
}

async function* fresh(lines: AsyncIterable<ServiceLogLine>, last: Map<string, string>): AsyncGenerator<ServiceLogLine> {
  const known = new Map(last)
  for await (const line of lines) {
    if (line.timestamp <= (known.get(line.container) ?? '')) continue
    last.set(line.container, line.timestamp)
    yield line
  }
}

/** Hands lines on together, some times a second. */
async function gather(
  lines: AsyncIterable<ServiceLogLine>,
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
      gathered.push(line)
      timer ??= setTimeout(flush, TOGETHER)
    }
  } finally {
    clearTimeout(timer)
    flush()
  }
}
