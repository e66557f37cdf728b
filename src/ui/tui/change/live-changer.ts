import { lastDuration } from '../../../core/actions/last-run.ts'
import type { Target, World } from '../../../core/actions/world.ts'
import { type ErrorData, toDdalabError } from '../../../core/errors.ts'
import { createEventBus, type StampedEvent } from '../../../core/kernel/events.ts'
import { abortReason } from '../../cli/errors.ts'
import { quietWorld } from '../quiet-world.ts'
import { carryOut } from './carry-out.ts'
import type { Changer, Ended, Planned, Proposal } from './changer.ts'
import { type ChangeRequest, requestWords } from './request.ts'

/** Changes an instance through core. `commandLine`: words as a whole line for the same instance. */
export function liveChanger(world: World, target: Target, commandLine: (words: string) => string): Changer {
  /** Each change has a world of its own: its events, its end, the secrets that it has met, its command in the journal. */
  const worldOf = (request: ChangeRequest, signal: AbortSignal, tell: (event: StampedEvent) => void) => {
    const { world: quiet, safe } = quietWorld(world, signal)
    const sink = createEventBus(world.now, safe)
    sink.subscribe(tell)
    const own: World = { ...quiet, sink, command: commandLine(requestWords(request)) }
    const errorOf = (thrown: unknown): ErrorData => safe(toDdalabError(abortReason(thrown, own.signal)).toData())
    return { own, safe, errorOf }
  }

  return {
    async plan(request, signal): Promise<Planned> {
      const { own, safe, errorOf } = worldOf(request, signal, () => undefined)
      try {
        const { report, about, loss } = await carryOut(own, target, request, { dryRun: true })
        if (report === null) return { kind: 'nothing', text: about.map(({ text }) => text).join('\n') }
        const { plan, warnings } = report
        if (plan.operations.length === 0)
          return { kind: 'nothing', text: `Nothing to do: ${plan.instance} is as it should be.` }
        const expectedMs = await lastDuration(own, target, plan.action)
        const proposal: Proposal = { plan, about, warnings, loss, expectedMs }
        // What is compared and typed stays as it is, whatever it looks like.
        const { instance, fingerprint } = plan
        const shown = safe(proposal)
        return { kind: 'proposal', proposal: { ...shown, plan: { ...shown.plan, instance, fingerprint } } }
      } catch (thrown) {
        return { kind: 'refused', error: errorOf(thrown) }
      }
    },

    async run(request, fingerprint, signal, tell): Promise<Ended> {
      const { own, safe, errorOf } = worldOf(request, signal, tell)
      try {
        const { report, notes, ailing } = await carryOut(own, target, request, { fingerprint })
        const warnings = [...(report?.warnings ?? []), ...ailing]
        const isChanged = report?.outcome === 'changed'
        return safe<Ended>({ kind: 'done', isChanged, warnings, notes, status: report?.status ?? null })
      } catch (thrown) {
        return { kind: 'failed', error: errorOf(thrown) }
      }
    },
  }
}
