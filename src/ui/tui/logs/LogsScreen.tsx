import { Box, Text } from 'ink'
import { memo } from 'react'
import { type Drawn, logsText } from './screen-text.ts'

export interface LogsScreenProps extends Drawn {
  /** That of the model when it was told to draw: the model itself is the same object always. */
  readonly version: number
}

/** The logs in exactly the area: one text, already cut, for that is what Ink is quick with. (To clip it, Ink would cut each line anew.) */
export const LogsScreen = memo(
  function LogsScreen({ model, state, area, style }: LogsScreenProps) {
    return (
      <Box width={area.width} height={area.height}>
        <Text wrap="truncate">{logsText({ model, state, area, style })}</Text>
      </Box>
    )
  },
  (a, b) =>
    a.model === b.model &&
    a.version === b.version &&
    a.state === b.state &&
    a.style === b.style &&
    a.area.width === b.area.width &&
    a.area.height === b.area.height,
)
