import type { ServiceLogLine } from '../../../core/actions/logs.ts'
import { HISTORY, type HistoryLimits, LogBuffer } from './buffer.ts'
import { ingester } from './ingest.ts'
import { LogSearch } from './search.ts'
import type { Facts } from './status-line.ts'
import type { LogsState, Viewed } from './view-state.ts'

/**
 * The logs of an instance: what came of them, and what is shown. Lives outside the components, which draw from it when told
 * that its `version` is another one.
 */
export class LogsModel {
  readonly buffer: LogBuffer
  readonly search: LogSearch
  readonly #ingest = ingester()
  readonly #services = new Set<string>()

  constructor(limits: HistoryLimits = HISTORY) {
    this.buffer = new LogBuffer(limits)
    this.search = new LogSearch(this.buffer)
  }

  /** Takes lines in, best some hundred at a time. */
  append(lines: readonly ServiceLogLine[]): void {
    const entries = this.#ingest(lines)
    for (const { source } of entries) this.#services.add(source.service)
    this.buffer.append(entries)
  }

  /**
   * Judges lines by the criteria of the state for as long as `mayGoOn` says. True when all are judged; else to be called again
   * as soon as keys were read. After it, the state wants the action `judged`.
   */
  advance(state: LogsState, mayGoOn: () => boolean): boolean {
    this.search.use(state.criteria)
    return this.search.advance(mayGoOn, state.follows ? undefined : state.top?.key)
  }

  /** Grows when there is something else to draw. */
  get version(): number {
    return this.buffer.version + this.search.version
  }

  /** `area` is that of the whole screen; its last line is for the state. */
  viewed(area: { readonly width: number; readonly height: number }): Viewed {
    return {
      lines: this.search,
      area: { width: Math.max(1, area.width), height: Math.max(1, area.height - 1) },
      services: [...this.#services].sort(),
      appended: this.buffer.appended,
    }
  }

  get facts(): Facts {
    const { complaints, progress } = this.search
    return { complaints, progress, dropped: this.buffer.dropped.lines }
  }
}
