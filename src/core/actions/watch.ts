import { setTimeout as pause } from 'node:timers/promises'
import type { DockerProvider } from '../providers/docker/index.ts'
import { locateInstance } from './open.ts'
import { connectTo, type FoundStatus, statusThrough } from './status.ts'
import type { Target, World } from './world.ts'

/** ms between two looks, however much happens. */
const LEAST = 1_000
/** ms until the next look when the engine tells nothing: the lease and the releases of other processes are files. */
const MOST = 5_000

/**
 * What runs, now and whenever the engine says that something has happened (events are hints, the status is the truth, rule 55),
 * until the signal fires. Errors as of `status`; ENGINE_GONE when the engine goes: call again to wait for its return.
 */
export async function* watchStatus(world: World, target: Target): AsyncGenerator<FoundStatus> {
  const { signal } = world
  const provider = await connectTo(world, target)
  const stop = new AbortController()
  const until = AbortSignal.any([signal, stop.signal])
  const wake = new Bell()
  const listening = listen(provider, locateInstance(world, target).name, until, wake)
  try {
    while (!signal.aborted) {
      const found = await statusThrough(world, target, provider)
      yield found
      const longest = found.status.operation === null ? MOST - LEAST : 0
      await pause(LEAST, undefined, { signal: until })
      await wake.within(longest, until)
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  } finally {
    stop.abort()
    await listening
    await provider.close()
  }
}

/** Rings for each event; also when the stream ends, for then a look tells why. */
async function listen(provider: DockerProvider, project: string, signal: AbortSignal, bell: Bell): Promise<void> {
  try {
    for await (const _event of await provider.events(project, signal)) bell.ring()
  } catch {
    // The next look meets the same, and says what it is.
  }
  bell.ring()
}

/** Rings are kept until somebody waits for one. */
class Bell {
  #rung = false
  #answer: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#answer?.()
  }

  /** Resolves after a ring since the last call, or after so many milliseconds. Rejects when the signal fires. */
  async within(milliseconds: number, signal: AbortSignal): Promise<void> {
    const heard = new AbortController()
    this.#answer = () => heard.abort()
    if (!this.#rung) {
      const patience = AbortSignal.any([signal, heard.signal])
      await pause(milliseconds, undefined, { signal: patience }).catch(() => signal.throwIfAborted())
    }
    this.#rung = false
  }
}
