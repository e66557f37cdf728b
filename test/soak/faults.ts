import { setTimeout } from 'node:timers/promises'
import type { Finished, Started } from '../cli/run-cli.ts'
import { type FaultyRegistry, faultyRegistry, type Fault as RegistryFault } from '../faults/support/faulty-registry.ts'
import { type EngineProxy, engineProxy } from '../support/engine-proxy.ts'

/** What may happen to a command, beside the release being bad. */
export const FAULTS = ['none', 'killed', 'engine cut', 'registry failing'] as const
export type Fault = (typeof FAULTS)[number]

/** The ways of a command to its engine and to its registry, which fail when they are told to. */
export interface Ways {
  readonly engine: EngineProxy
  readonly registry: FaultyRegistry
  /** Waits for the end of a command that this happens to at a moment of chance. */
  disturb(running: Started, fault: Fault): Promise<Finished>
  close(): Promise<void>
}

/** The longest that a bad release takes until its verdict and the undo, ms: the moments are within it. */
const SPAN = 9_000
/** The longest that an engine is away, ms. */
const AWAY = 3_000

export async function openWays(host: string): Promise<Ways> {
  let fails = false
  const kinds: readonly [RegistryFault, ...RegistryFault[]] = ['drop', 'corrupt', 500]
  const registry = await faultyRegistry(() => (fails && Math.random() < 0.4 ? oneOf(kinds) : undefined))
  const engine = await engineProxy(host)

  const disturb: Ways['disturb'] = async (running, fault) => {
    const over = new AbortController()
    const finished = running.finished.finally(() => over.abort())
    fails = fault === 'registry failing'
    try {
      // Rejects when the command has come to its end before.
      if (fault === 'killed' || fault === 'engine cut') await running.stdoutHas('"run.started"')
      if (fault === 'killed') {
        await setTimeout(Math.random() * SPAN, undefined, { signal: over.signal })
        running.child.kill('SIGKILL')
      }
      for (let times = Math.ceil(Math.random() * 3); fault === 'engine cut' && times > 0; times -= 1) {
        await setTimeout((Math.random() * SPAN) / 2, undefined, { signal: over.signal })
        engine.cut()
        await setTimeout(Math.random() * AWAY, undefined, { signal: over.signal })
        engine.mend()
      }
    } catch {
      // It ended by itself first.
    }
    const ended = await finished
    fails = false
    engine.mend()
    return ended
  }
  return { engine, registry, disturb, close: async () => void (await Promise.all([engine.close(), registry.close()])) }
}

export function oneOf<T>(all: readonly [T, ...T[]]): T {
  return all[Math.floor(Math.random() * all.length)] ?? all[0]
}
