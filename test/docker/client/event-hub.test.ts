import { describe, expect, it } from 'vitest'
import { type EngineEvent, type EventFilter, EventHub } from '../../../src/core/providers/docker/client/index.ts'
import { lab, throwAwayEngine } from '../../lab/lab.ts'
import { connectTo, delay, noDelay, removeAll, runBusybox } from './support.ts'

const never = new AbortController().signal

/** An engine whose event streams the test opens, feeds and breaks. */
function scripted() {
  const streams: { tell(id: string): void; break(): void }[] = []
  let opened = Promise.withResolvers<void>()
  const events = async (_filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>> => {
    let next = Promise.withResolvers<EngineEvent>()
    streams.push({
      tell: (id) => {
        next.resolve({ Type: 'container', Action: 'start', Actor: { ID: id, Attributes: {} }, time: 0, timeNano: 0 })
      },
      break: () => next.reject(new Error('gone')),
    })
    signal.addEventListener('abort', () => next.reject(new Error('stopped')))
    opened.resolve()
    opened = Promise.withResolvers()
    return (async function* () {
      for (;;) {
        const event = await next.promise
        next = Promise.withResolvers()
        yield event
      }
    })()
  }
  return { events, streams, opened: () => opened.promise }
}

/** Time that passes only when nothing else happens: a wait ends when its signal ends it, or never. */
const standstill = (_milliseconds: number, signal?: AbortSignal) =>
  new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason))
  })

describe('rule 55: one stream of events for all who wait', () => {
  it('wakes whoever watches the container, and nobody else', async () => {
    const engine = scripted()
    const hub = new EventHub(engine, standstill)
    const [a, b] = [hub.watch('a', never), hub.watch('b', never)]
    // The stream has begun: everyone looks once.
    await Promise.all([a.next(1000), b.next(1000)])
    let woken = ''
    const waiting = [a.next(1000).then(() => (woken += 'a')), b.next(1000).then(() => (woken += 'b'))]
    engine.streams[0]?.tell('a')
    await waiting[0]
    expect(woken).toBe('a')
    engine.streams[0]?.tell('b')
    await waiting[1]
    expect(engine.streams).toHaveLength(1)
    await hub.close()
  })

  it('loses nothing that happens between two waits', async () => {
    const engine = scripted()
    const hub = new EventHub(engine, standstill)
    const watch = hub.watch('a', never)
    await watch.next(1000)
    const other = hub.watch('b', never)
    engine.streams[0]?.tell('a')
    await Promise.resolve()
    await watch.next(1000)
    other.close()
    await hub.close()
  })

  it('connects again after a gap, and has everyone look', async () => {
    const engine = scripted()
    const { delay: soon, asked } = noDelay()
    const hub = new EventHub(engine, (milliseconds, signal) =>
      milliseconds === 1234 ? standstill(0, signal) : soon(milliseconds),
    )
    const watch = hub.watch('a', never)
    await watch.next(1234)
    const waiting = watch.next(1234)
    engine.streams[0]?.break()
    await waiting
    expect(engine.streams).toHaveLength(2)
    expect(asked).toEqual([100])
    await hub.close()
  })

  it('waits no longer than asked, and not at all when the signal fires', async () => {
    const engine = scripted()
    const { delay: soon, asked } = noDelay()
    const hub = new EventHub(engine, soon)
    const watch = hub.watch('a', never)
    await watch.next(50)
    await watch.next(60)
    await watch.next(Number.POSITIVE_INFINITY)
    expect(asked).toContain(2 ** 31 - 1)
    await hub.close()
    const controller = new AbortController()
    const still = new EventHub(engine, standstill)
    const aborted = still.watch('a', controller.signal)
    await aborted.next(1)
    const waiting = aborted.next(1)
    controller.abort(new Error('stopped by the user'))
    await expect(waiting).rejects.toThrow('stopped by the user')
    await still.close()
  })
})

describe.skipIf(!lab.available).each(lab.engines)('events of Engine $version', ({ host }) => {
  it('tell of health and of the end', async () => {
    const engine = await connectTo(host)
    const hub = new EventHub(engine, delay)
    try {
      const second = 1_000_000_000
      const Healthcheck = { Test: ['CMD', 'true'], Interval: second / 4, Timeout: second, Retries: 1 }
      const id = await runBusybox(engine, 'client-events', ['sleep', '600'], { Healthcheck })
      const watch = hub.watch(id, never)
      const status = async () => (await engine.containers.inspect(id))?.State
      while ((await status())?.Health?.Status !== 'healthy') await watch.next(30_000)
      await engine.containers.kill(id)
      while ((await status())?.Status !== 'exited') await watch.next(30_000)
      watch.close()
    } finally {
      await hub.close()
      await removeAll(engine, 'client-events')
      engine.close()
    }
  })
})

describe.skipIf(!lab.available || process.getuid?.() !== 0)('events of an engine that crashes', () => {
  it('rule 55: go on when it is back, and everyone looks again', async () => {
    const crashing = await throwAwayEngine('client-events-crash')
    const engine = await connectTo(crashing.host)
    const hub = new EventHub(engine, delay)
    try {
      const watch = hub.watch('any', never)
      await watch.next(30_000)
      await crashing.kill()
      const waiting = watch.next(2 ** 31)
      await crashing.start()
      await waiting
      await engine.ping()
    } finally {
      await hub.close()
      engine.close()
      await crashing.remove()
    }
  })
})
