import { LOADING, loaded } from '../loaded.ts'
import { Store } from '../store.ts'
import type { PointSource } from './source.ts'
import { previewKey, type RollbackAction, type RollbackState, reduceRollback, START } from './state.ts'

/** ms that the cursor has to rest on a point before its preview is made: it asks the engine for a lot. */
const PATIENCE = 150

/** The rollback points while the dashboard is open: outside the components, for what was read is kept while others are shown. */
export class RollbackSession {
  readonly store = new Store<RollbackState>(START)
  readonly #source: PointSource
  readonly #patience: number
  #seen: string | undefined
  #reading = new AbortController()
  #previewing: { readonly key: string; readonly stop: AbortController } | undefined

  constructor(source: PointSource, patience = PATIENCE) {
    this.#source = source
    this.#patience = patience
  }

  /** Reads everything again when something has changed: `key` is another text then. */
  look(key: string): void {
    if (key === this.#seen) return
    this.#seen = key
    this.reload()
  }

  /** Reads everything again. */
  reload(): void {
    this.act({ type: 'forget' })
    void this.#read()
  }

  act(action: RollbackAction): void {
    this.store.set(reduceRollback(this.store.get(), action))
    this.#preview()
  }

  close(): void {
    this.#reading.abort()
    this.#previewing?.stop.abort()
  }

  async #read(): Promise<void> {
    this.#reading.abort()
    this.#reading = new AbortController()
    const { signal } = this.#reading
    this.act({ type: 'points', points: LOADING })
    const points = await loaded(() => this.#source.points(signal))
    if (!signal.aborted) this.act({ type: 'points', points })
  }

  /** Makes the preview of the point at the cursor, once it rests there; that of another point is given up. */
  #preview(): void {
    const state = this.store.get()
    const key = previewKey(state)
    const isKnown = key === undefined || state.previews.has(key)
    if (key === this.#previewing?.key && !isKnown) return
    this.#previewing?.stop.abort()
    this.#previewing = undefined
    const { selected, restoresData } = state
    if (isKnown || selected === undefined) return
    const stop = new AbortController()
    this.#previewing = { key, stop }
    const make = async () => {
      const preview = await loaded(() => this.#source.preview(selected, restoresData, stop.signal))
      if (!stop.signal.aborted) this.act({ type: 'preview', key, preview })
    }
    const timer = setTimeout(() => void make(), this.#patience)
    stop.signal.addEventListener('abort', () => clearTimeout(timer))
  }
}
