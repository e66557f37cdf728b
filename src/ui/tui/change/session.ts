import { DdalabError, EXIT } from '../../../core/errors.ts'
import type { FrameClock } from '../../cli/progress/live-progress.ts'
import type { Press } from '../reducer.ts'
import { Store } from '../store.ts'
import type { Changer, Ended } from './changer.ts'
import { type ChangeEffect, type ChangeEvent, reduceChange, type View } from './reducer.ts'
import type { ChangeRequest } from './request.ts'
import { type ChangeState, NO_CHANGE, type Phase, phaseOf } from './state.ts'

/** What is drawn: another object whenever there is something else to draw. `now`: ms since the epoch. */
export interface ChangeShown {
  readonly state: ChangeState
  readonly now: number
}

/** ms between two frames while a change is under way, however much is told. */
const FRAME_MS = 66
/** Times are told in seconds. */
const SECOND = 1_000

/** A change while the dashboard is open: outside the components, for it goes on while other screens are shown. */
export class ChangeSession {
  readonly #changer: Changer
  readonly #clock: FrameClock
  readonly #shown: Store<ChangeShown>
  readonly subscribe: Store<ChangeShown>['subscribe']
  readonly shown: Store<ChangeShown>['get']
  #state: ChangeState = NO_CHANGE
  #doing = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(changer: Changer, clock: FrameClock) {
    this.#changer = changer
    this.#clock = clock
    this.#shown = new Store({ state: NO_CHANGE, now: clock.now() })
    this.subscribe = this.#shown.subscribe
    this.shown = this.#shown.get
  }

  readonly phase = (): Phase => phaseOf(this.shown().state)

  /** What became of the last change that was carried out; undefined when none was. */
  get last(): Ended | undefined {
    return this.#state.last?.end
  }

  /** Shows the plan of a change; does nothing while another one is under way. */
  ask(request: ChangeRequest): void {
    this.#act({ type: 'asked', request })
  }

  /** Undoes what is under way, or gives up planning. */
  cancel(): void {
    this.#act({ type: 'cancelled' })
  }

  press(press: Press, view: View): void {
    this.#act({ type: 'pressed', press, view, at: this.#clock.now() })
  }

  paste(text: string): void {
    this.#act({ type: 'pasted', text })
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** Undoes what is under way, and resolves when that is done. */
  async close(): Promise<void> {
    this.cancel()
    await this.settled()
  }

  #act(event: ChangeEvent): void {
    const { state, effects } = reduceChange(this.#state, event)
    const isSame = state === this.#state
    this.#state = state
    for (const effect of effects) this.#carryOut(effect)
    if (!isSame) this.#show()
  }

  #show(): void {
    this.#shown.set({ state: this.#state, now: this.#clock.now() })
  }

  #carryOut(effect: ChangeEffect): void {
    switch (effect.type) {
      case 'abort':
        this.#doing.abort(new DdalabError('INTERRUPTED', 'Cancelled.', { exit: EXIT.interrupted }))
        break
      case 'plan':
        void this.#plan(effect.request)
        break
      case 'run':
        this.#running = this.#run(effect.request, effect.fingerprint)
    }
  }

  async #plan(request: ChangeRequest): Promise<void> {
    const doing = this.#begin()
    const planned = await this.#changer.plan(request, doing.signal)
    if (!doing.signal.aborted) this.#act({ type: 'planned', planned })
  }

  async #run(request: ChangeRequest, fingerprint: string): Promise<void> {
    const { signal } = this.#begin()
    const stopFrames = this.#frames()
    try {
      const end = await this.#changer.run(request, fingerprint, signal, (event) => {
        this.#state = reduceChange(this.#state, { type: 'told', event }).state
      })
      this.#act({ type: 'ended', end, at: this.#clock.now() })
    } finally {
      stopFrames()
    }
  }

  /** What was planned before is of no interest any more. */
  #begin(): AbortController {
    this.#doing.abort()
    this.#doing = new AbortController()
    return this.#doing
  }

  /** Draws what was told since the last frame, and each second anew. */
  #frames(): () => void {
    return this.#clock.every(FRAME_MS, () => {
      const { state, now } = this.shown()
      if (state !== this.#state || this.#clock.now() - now >= SECOND) this.#show()
    })
  }
}
