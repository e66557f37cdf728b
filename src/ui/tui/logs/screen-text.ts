import type { Style } from '../../cli/style.ts'
import { drawRows } from './draw.ts'
import type { LogsModel } from './model.ts'
import { drawStatus } from './status-line.ts'
import type { LogsState } from './view-state.ts'

export interface Drawn {
  readonly model: LogsModel
  readonly state: LogsState
  readonly area: { readonly width: number; readonly height: number }
  readonly style: Style
}

/** What the screen shows, `area.height` lines of it, the last of them for the state; none is wider than the area. */
export function logsText({ model, state, area, style }: Drawn): string {
  const viewed = model.viewed(area)
  const rows = area.height > 1 ? drawRows(state, viewed, style) : []
  const empty = Array<string>(area.height > 1 ? viewed.area.height - rows.length : 0).fill('')
  const status = drawStatus(state, viewed, model.facts, style)
  // An empty line is one to Ink only when something is in it.
  return [...rows, ...empty, status].map((line) => (line === '' ? ' ' : line)).join('\n')
}
