import type { ServiceLogLine } from '../../../src/core/actions/logs.ts'
import { PLAIN } from '../../../src/ui/cli/style.ts'
import type { LogEntry } from '../../../src/ui/tui/logs/chunk.ts'
import {
  type LogsAction,
  type LogsEffect,
  LogsModel,
  type LogsState,
  reduceLogs,
  START,
} from '../../../src/ui/tui/logs/index.ts'
import { logsText } from '../../../src/ui/tui/logs/screen-text.ts'

export const MIDNIGHT = Date.UTC(2026, 0, 1)

export function entry(text: string, time: number, service = 'api'): LogEntry {
  return { source: { service, container: `${service}-1` }, stream: 'stdout', time, level: undefined, text }
}

/** A line as the engine tells it, so many ms after midnight. */
export function logLine(line: string, after: number, service = 'api'): ServiceLogLine {
  const timestamp = new Date(MIDNIGHT + after).toISOString().replace('Z', '000000Z')
  return { service, container: `${service}-1`, containerId: service, stream: 'stdout', timestamp, line }
}

/** A person at the screen: does things, looks. Judges all there is to judge before looking, unless told otherwise. */
export class Viewer {
  readonly model: LogsModel
  state: LogsState = START
  readonly effects: LogsEffect[] = []
  area: { width: number; height: number }

  constructor(width: number, height: number, model = new LogsModel()) {
    this.area = { width, height }
    this.model = model
  }

  logs(...lines: readonly ServiceLogLine[]): this {
    this.model.append(lines)
    return this.judge()
  }

  judge(): this {
    while (!this.model.advance(this.state, () => true));
    return this.act({ type: 'judged' })
  }

  act(...actions: readonly LogsAction[]): this {
    for (const action of actions) {
      const { state, effects } = reduceLogs(this.state, action, this.model.viewed(this.area))
      const isNew = state.criteria !== this.state.criteria
      this.state = state
      this.effects.push(...effects)
      if (isNew) this.judge()
    }
    return this
  }

  type(text: string): this {
    return this.act({ type: 'type', text })
  }

  /** Without the blanks at the ends of lines. */
  get screen(): readonly string[] {
    const { model, state, area } = this
    const text = logsText({ model, state, area, style: PLAIN })
    return text.split('\n').map((line) => line.trimEnd())
  }

  get rows(): readonly string[] {
    return this.screen.slice(0, -1)
  }

  get status(): string {
    return this.screen.at(-1) ?? ''
  }
}
