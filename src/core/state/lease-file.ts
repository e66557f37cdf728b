import { DdalabError } from '../errors.ts'
import {
  describeHolder,
  type EventSink,
  HEARTBEAT_MS,
  type Lease,
  type LeaseHolder,
  type LeaseStore,
  staleness,
} from '../kernel/index.ts'
import { createLeaseGenerations, type Generation } from './lease-generations.ts'
import { type ProcessTable, systemProcesses } from './process-place.ts'
import { changeIn } from './watch.ts'

export interface LeaseFileOptions {
  /** A directory of its own, in that of the instance. */
  readonly directory: string
  /** What is leased, for messages: `instance demo`. */
  readonly subject: string
  /** The user's name; asked for when the lease is taken. */
  readonly owner: string
  /** Of this process. */
  readonly pid: number
  readonly sink: EventSink
  readonly now: () => Date
  /** Unique at each call. */
  readonly newToken: () => string
  readonly processes?: ProcessTable
}

/** A file of the lease is written in one go; one that is unreadable for longer than this was left by a crash. */
const WRITING_LIMIT_MS = 5_000

/** Those who wait look again at least this often: a holder that dies changes no file. */
const LOOK_AGAIN_MS = 1_000

/**
 * The lease of an instance (rule 42), kept in files. A dead holder's lease is taken over, and a notice says whose it was and
 * why. A holder that was taken for dead wrongly is told through `lost` at its next heartbeat.
 */
export function createLeaseStore(options: LeaseFileOptions): LeaseStore {
  const { subject, pid, sink, now, newToken, processes = systemProcesses } = options
  const generations = createLeaseGenerations(options.directory)

  const death = async (holder: LeaseHolder): Promise<string | undefined> =>
    staleness(holder, now(), await processes.place(), await processes.look(holder.pid))

  /** Whether the lease can be taken: LOCKED as a value, or why its dead holder is passed over. */
  const judge = async (found: Generation): Promise<{ locked?: DdalabError; takenOver?: string }> => {
    switch (found.state) {
      case 'free':
        return {}
      case 'unreadable':
        return now().getTime() - found.writtenAtMs < WRITING_LIMIT_MS ? { locked: lockedBy('another process') } : {}
      case 'held': {
        const { holder } = found
        const why = await death(holder)
        if (why === undefined) return { locked: lockedBy(describeHolder(holder), holder) }
        return { takenOver: `took over ${subject} from ${describeHolder(holder)}: ${why}` }
      }
      default:
        return found satisfies never
    }
  }

  const lockedBy = (who: string, holder?: LeaseHolder): DdalabError =>
    new DdalabError('LOCKED', `${subject} is locked by ${who}`, {
      hint:
        holder === undefined
          ? 'Run the command again in a moment.'
          : `Wait until it has finished. If it hangs, end process ${holder.pid} on ${holder.host}: the next command recovers.`,
    })

  const newHolder = async (command: string): Promise<LeaseHolder> => {
    const [place, { processStart }] = await Promise.all([processes.place(), processes.look(pid)])
    const at = now().toISOString()
    const start = processStart === undefined ? {} : { processStart }
    return { ...place, ...start, token: newToken(), owner: options.owner, pid, command, startedAt: at, heartbeatAt: at }
  }

  const hold = (number: number, holder: LeaseHolder): Lease => {
    const lost = new AbortController()
    const beat = async (): Promise<void> => {
      const found = await generations.latest()
      if (found.number === number) return generations.renew(number, { ...holder, heartbeatAt: now().toISOString() })
      const thief = found.state === 'held' ? describeHolder(found.holder) : 'another process'
      lost.abort(lockedBy(thief))
    }
    // A missed heartbeat (a full disk) is no loss: the next one may succeed, and others look for the process first.
    let beating = Promise.resolve()
    const timer = setInterval(() => {
      beating = beating.then(beat).catch(() => undefined)
    }, HEARTBEAT_MS)
    timer.unref()
    return {
      holder,
      lost: lost.signal,
      release: async () => {
        clearInterval(timer)
        await beating
        await generations.release(number)
      },
    }
  }

  const acquire: LeaseStore['acquire'] = async ({ command, waitMs = 0, signal }) => {
    const deadline = now().getTime() + waitMs
    for (let waiting = false; ; ) {
      if (signal?.aborted) throw endOfWait(signal)
      const found = await generations.latest()
      const { locked, takenOver } = await judge(found)
      if (locked === undefined) {
        const holder = await newHolder(command)
        const number = found.number + 1
        // Another was faster: look again.
        if (!(await generations.claim(number, holder))) continue
        if (takenOver !== undefined) sink.emit({ type: 'notice', level: 'warning', message: takenOver })
        return hold(number, holder)
      }
      const leftMs = deadline - now().getTime()
      if (leftMs <= 0) throw locked
      if (!waiting) sink.emit({ type: 'notice', level: 'info', message: `waiting: ${locked.message}` })
      waiting = true
      await changeIn(options.directory, Math.min(leftMs, LOOK_AGAIN_MS), signal)
    }
  }

  return {
    acquire,
    current: async () => {
      const found = await generations.latest()
      return found.state === 'held' && (await death(found.holder)) === undefined ? found.holder : undefined
    },
    idle: async () => {
      const { state, number } = await generations.latest()
      return state === 'free' ? number : undefined
    },
  }
}

function endOfWait(signal: AbortSignal): DdalabError {
  if (signal.reason instanceof DdalabError) return signal.reason
  return new DdalabError('INTERRUPTED', 'interrupted while waiting for another operation; nothing was begun')
}
