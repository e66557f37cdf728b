import type { LogSource } from './log-source.ts'
import {
  type LogsAction,
  type LogsEffect,
  LogsModel,
  type LogsState,
  reduceLogs,
  START,
  savedText,
} from './logs/index.ts'
import type { Area } from './view/spans.ts'

/** What the logs need from outside. */
export interface LogsSurroundings {
  readonly source: LogSource
  readonly copy: (text: string) => void
  /** Writes a new file. Errors: FILE_NOT_WRITABLE. */
  readonly save: (path: string, pieces: Iterable<string>) => Promise<void>
}

/** What is drawn: another object whenever there is something else to draw. */
export interface LogsShown {
  readonly state: LogsState
  readonly version: number
}

/** ms of judging lines at a time: keys are read in between. */
const SLICE = 8

/** ms between two drawings of lines that come: more often nobody reads them. What is done with a key is drawn at once. */
const BETWEEN_DRAWINGS = 250

/** The logs while the dashboard is open: outside the components, for they go on while others are shown. */
export class LogsSession {
  readonly model = new LogsModel()
  readonly #around: LogsSurroundings
  readonly #listeners = new Set<() => void>()
  #shown: LogsShown = { state: START, version: 0 }
  #area: Area = { width: 80, height: 20 }
  #containers: string | undefined
  #reading = new AbortController()
  #isJudging = false
  #lastDrawing = Number.NEGATIVE_INFINITY
  #nextDrawing: NodeJS.Timeout | undefined

  constructor(around: LogsSurroundings) {
    this.#around = around
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly shown = (): LogsShown => this.#shown

  /** Reads the logs of these containers from now on; does nothing when it does already. */
  read(containers: string): void {
    if (containers === this.#containers) return
    this.#containers = containers
    this.#reading.abort()
    this.#reading = new AbortController()
    void this.#around.source.watch((lines) => {
      this.model.append(lines)
      this.#drawSoon()
    }, this.#reading.signal)
  }

  resize(area: Area): void {
    this.#area = area
  }

  act(action: LogsAction): void {
    const { state, effects } = reduceLogs(this.#shown.state, action, this.model.viewed(this.#area))
    this.#show(state)
    for (const effect of effects) void this.#carryOut(effect)
    if (!this.#isJudging) this.#judge()
  }

  close(): void {
    this.#reading.abort()
    clearTimeout(this.#nextDrawing)
    this.#listeners.clear()
  }

  #show(state: LogsState): void {
    this.#shown = { state, version: this.model.version }
    for (const listener of this.#listeners) listener()
  }

  /** At once after a pause, so that a single line is not waited for. */
  #drawSoon(): void {
    const wait = this.#lastDrawing + BETWEEN_DRAWINGS - performance.now()
    this.#nextDrawing ??= setTimeout(() => {
      this.#nextDrawing = undefined
      this.#lastDrawing = performance.now()
      if (!this.#isJudging) this.#judge()
    }, wait)
  }

  /** A slice now, the others between keys. */
  #judge(): void {
    const begin = performance.now()
    const { state } = this.#shown
    const isDone = this.model.advance(state, () => performance.now() - begin < SLICE)
    this.#show(reduceLogs(state, { type: 'judged' }, this.model.viewed(this.#area)).state)
    if (isDone || this.#isJudging) return
    this.#isJudging = true
    setImmediate(() => {
      this.#isJudging = false
      this.#judge()
    })
  }

  async #carryOut(effect: LogsEffect): Promise<void> {
    if (effect.type === 'copy') return this.#around.copy(effect.text)
    try {
      await this.#around.save(effect.path, savedText(effect, this.model.search))
      this.act({ type: 'told', notice: `Saved to ${effect.path}` })
    } catch (thrown) {
      this.act({ type: 'told', notice: thrown instanceof Error ? thrown.message : String(thrown) })
    }
  }
}
