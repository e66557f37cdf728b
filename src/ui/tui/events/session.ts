import { loaded } from '../loaded.ts'
import type { Source, Update } from '../source.ts'
import { Store } from '../store.ts'
import { type Health, UNSEEN, watchHealth } from './health.ts'
import type { PastSource } from './source.ts'
import { type EventsAction, type EventsState, reduceEvents, START } from './state.ts'

/** The events while the dashboard is open: what happens is kept while other screens are shown. */
export class EventsSession {
  readonly store = new Store<EventsState>(START)
  readonly #source: PastSource
  readonly #now: () => Date
  #health: Health = UNSEEN
  #isShown = false
  #reading: Promise<void> | undefined

  constructor(source: PastSource, now: () => Date) {
    this.#source = source
    this.#now = now
  }

  /** The same source; what it tells is looked at on its way. */
  listening(source: Source): Source {
    return {
      watch: (tell, signal) =>
        source.watch((update) => {
          this.#see(update)
          tell(update)
        }, signal),
    }
  }

  act(action: EventsAction): void {
    this.store.set(reduceEvents(this.store.get(), action))
  }

  /** The past is read while somebody looks at it. */
  show(isShown: boolean): void {
    this.#isShown = isShown
    this.#read()
  }

  #see(update: Update): void {
    const { health, happenings } = watchHealth(this.#health, update, this.#now())
    this.#health = health
    if (update.type !== 'snapshot') {
      if (happenings.length > 0) this.act({ type: 'seen', happenings, isUnderWay: this.store.get().isUnderWay })
      return
    }
    const { operation } = update.snapshot.status
    this.act({ type: 'seen', happenings, isUnderWay: operation !== null && !operation.interrupted })
    this.#read()
  }

  /** One at a time: what comes meanwhile is read with the next snapshot, seconds later. */
  #read(): void {
    if (!this.#isShown || this.#reading !== undefined) return
    this.#reading = loaded(() => this.#source.read()).then((past) => {
      this.#reading = undefined
      this.act({ type: 'past', past })
    })
  }
}
