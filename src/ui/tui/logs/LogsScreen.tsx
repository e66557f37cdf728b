import { Box, Text } from 'ink'
import { useMemo } from 'react'
import type { Style } from '../../cli/style.ts'
import { drawRows } from './draw.ts'
import type { LogsModel } from './model.ts'
import { drawStatus } from './status-line.ts'
import type { LogsState } from './view-state.ts'

export interface LogsScreenProps {
  readonly model: LogsModel
  /** That of the model when it was told to draw: the model itself is the same object always. */
  readonly version: number
  readonly state: LogsState
  readonly area: { readonly width: number; readonly height: number }
  readonly style: Style
}

/** The logs in exactly the area: one text, already cut, for that is what Ink is quick with. */
export function LogsScreen({ model, version, state, area, style }: LogsScreenProps) {
  const text = useMemo(
    () => logsText({ model, version, state, area: { width: area.width, height: area.height }, style }),
    [model, version, state, area.width, area.height, style],
  )
  return (
    <Box width={area.width} height={area.height} overflow="hidden">
      <Text wrap="truncate">{text}</Text>
    </Box>
  )
}

/** What the screen shows, `area.height` lines of it. */
export function logsText({ model, state, area, style }: LogsScreenProps): string {
  const viewed = model.viewed(area)
  const rows = drawRows(state, viewed, style)
  const empty = Array<string>(viewed.area.height - rows.length).fill('')
  const status = drawStatus(state, viewed, model.facts, style)
  // An empty line is one to Ink only when something is in it.
  return [...rows, ...empty, ...(area.height > 1 ? [status] : [])].map((line) => (line === '' ? ' ' : line)).join('\n')
}
