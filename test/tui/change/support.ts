import type { KernelEvent, StampedEvent } from '../../../src/core/kernel/events.ts'
import { type Operation, operationId, type Plan } from '../../../src/core/kernel/plan.ts'
import type { Changer, Ended, Planned, Proposal } from '../../../src/ui/tui/change/changer.ts'
import { type ChangeEffect, type ChangeEvent, reduceChange } from '../../../src/ui/tui/change/reducer.ts'
import type { ChangeRequest } from '../../../src/ui/tui/change/request.ts'
import { type ChangeState, NO_CHANGE } from '../../../src/ui/tui/change/state.ts'
import type { Around } from '../../../src/ui/tui/change/view/screen.ts'
import { NOW, typed } from '../support.ts'

export const DEPLOY: ChangeRequest = { kind: 'deploy' }
export const AT = NOW.getTime()

export function operation(kind: string, thing: string, resource: string, effect: string, cause: string): Operation {
  return { id: operationId(kind, thing), kind, resource, cause, effect, phase: 'apply', after: [], input: {} }
}

export const PULL = operation('image.pull', 'web', 'image demo:2', 'pull', 'not on this engine')
export const STOP = operation('container.stop', 'web', 'container lab-web-1', 'stop', 'image changed')
export const START = operation('container.start', 'web', 'container lab-web-1', 'start', 'image changed')

export const PLAN: Plan = {
  instance: 'lab',
  action: 'deploy',
  fingerprint: 'f1',
  operations: [PULL, STOP, START],
  downtime: [{ service: 'web', expected: 3, why: 'it publishes host port 443' }],
}

export function proposal(facts: Partial<Proposal> = {}): Proposal {
  return { plan: PLAN, about: [], warnings: [], loss: null, expectedMs: null, ...facts }
}

export const proposed = (facts: Partial<Proposal> = {}): Planned => ({ kind: 'proposal', proposal: proposal(facts) })

export const DONE: Ended = { kind: 'done', isChanged: true, warnings: [], notes: [], status: null }

export function failed(code: 'UNHEALTHY' | 'PLAN_STALE' | 'INTERRUPTED', message: string): Ended {
  return { kind: 'failed', error: { code, exit: 5, message } }
}

let sent = 0
export function stamped(event: KernelEvent, seconds = 0): StampedEvent {
  return { ...event, seq: ++sent, ts: new Date(AT + seconds * 1000).toISOString() }
}

export const STARTED: KernelEvent = {
  type: 'run.started',
  run: 'run-1',
  action: 'deploy',
  instance: 'lab',
  operations: PLAN.operations,
}

/** What is typed on the Change screen. */
export function keys(input: string): readonly ChangeEvent[] {
  return typed(input).flatMap((press) =>
    press.type === 'key' || press.type === 'text'
      ? [{ type: 'pressed', press, view: { top: 0, reach: 100, rows: 10 }, at: AT } as const]
      : [],
  )
}

export const key = (name: 'left' | 'right' | 'down' | 'end'): ChangeEvent => ({
  type: 'pressed',
  press: { type: 'key', key: name },
  view: { top: 0, reach: 100, rows: 10 },
  at: AT,
})

/** The change after these events, and all that was to be done outside. */
export function given(...events: readonly ChangeEvent[]) {
  let state: ChangeState = NO_CHANGE
  const effects: ChangeEffect[] = []
  for (const event of events) {
    const reduced = reduceChange(state, event)
    state = reduced.state
    effects.push(...reduced.effects)
  }
  return { state, effects }
}

export const ASKED: ChangeEvent = { type: 'asked', request: DEPLOY }
export const PLANNED: ChangeEvent = { type: 'planned', planned: proposed() }
export const told = (event: KernelEvent, seconds = 0): ChangeEvent => ({ type: 'told', event: stamped(event, seconds) })
/** Asked for, agreed to, begun. */
export const RUNNING: readonly ChangeEvent[] = [ASKED, PLANNED, key('right'), ...keys('\r'), told(STARTED)]

export const seenAround: Around = {
  snapshot: undefined,
  isReadOnly: false,
  commandLine: (words) => `ddalab ${words} -i lab`,
  now: AT + 12_000,
}

/** A changer that does what the test says, and writes down what it was asked. */
export class FakeChanger implements Changer {
  readonly asked: string[] = []
  readonly plans: Planned[] = []
  #tell: ((event: StampedEvent) => void) | undefined
  #end: ((end: Ended) => void) | undefined
  signal: AbortSignal | undefined

  async plan({ kind }: ChangeRequest): Promise<Planned> {
    this.asked.push(`plan ${kind}`)
    return this.plans.shift() ?? proposed()
  }

  run({ kind }: ChangeRequest, fingerprint: string, signal: AbortSignal, tell: (event: StampedEvent) => void) {
    this.asked.push(`run ${kind} ${fingerprint}`)
    this.signal = signal
    this.#tell = tell
    return new Promise<Ended>((resolve) => {
      this.#end = resolve
    })
  }

  tell(event: KernelEvent): void {
    this.#tell?.(stamped(event))
  }

  end(end: Ended): void {
    this.#end?.(end)
  }
}
