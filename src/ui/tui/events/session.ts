import { loaded } from '../loaded.ts'
import type { Source, Update } from '../source.ts'
import { Store } from '../store.ts'
import type { Happening } from './happening.ts'
import { type Health, UNSEEN, watchHealth } from './health.ts'
import type { PastSource } from './source.ts'
import { type EventsAction, type EventsState, happeningsIn, reduceEvents, START } from './state.ts'

/** The events while the dashboard is open: what happens is kept while other screens are shown. */
export class EventsSession {
  readonly store = new Store<EventsState>(START)
  /** Everything that is known, newest first. */
  readonly happenings = new Store<readonly Happening[]>([])
  readonly #source: PastSource
  readonly #now: () => Date
  #health: Health = UNSEEN
  #isShown = false
  #reading: Promise<void> | undefined
  /** What has changed when there is more to read of the past. */
  #known: string | undefined

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
    const before = this.store.get()
    const after = reduceEvents(before, action)
    this.store.set(after)
    const isNews = action.type === 'seen' && action.happenings.length > 0
    if (isNews || after.past !== before.past || after.isUnderWay !== before.isUnderWay) {
      this.happenings.set(happeningsIn(after))
    }
  }

  /** The past is read when something was changed, and while somebody looks at it. */
  show(isShown: boolean): void {
    this.#isShown = isShown
    if (isShown) this.#read()
  }

  #see(update: Update): void {
    const { health, happenings } = watchHealth(this.#health, update, this.#now())
    this.#health = health
    if (update.type !== 'snapshot') {
      if (happenings.length > 0) this.act({ type: 'seen', happenings, isUnderWay: this.store.get().isUnderWay })
      return
    }
    const { operation, release } = update.snapshot.status
    const known = [operation?.startedAt, operation?.interrupted, release?.id].join(' ')
    const isNew = known !== this.#known
    this.#known = known
    this.act({ type: 'seen', happenings, isUnderWay: operation !== null && !operation.interrupted })
    if (isNew || this.#isShown) this.#read()
  }

  /** One at a time: what comes meanwhile is read with the next snapshot, seconds later. */
  #read(): void {
    if (this.#reading !== undefined) return
    this.#reading = loaded(() => this.#source.read()).then((past) => {
      this.#reading = undefined
      this.act({ type: 'past', past })
    })
  }
}
