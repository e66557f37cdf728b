import { formatDuration } from '../../../cli/format.ts'
import { glyph, type Style } from '../../../cli/style.ts'
import type { Snapshot } from '../../source.ts'
import { type Area, box, fill, type Spans } from '../../view/spans.ts'
import { requestWords } from '../request.ts'
import type { ChangeState } from '../state.ts'
import { planLines, questionLines } from './plan.ts'
import { progressHead, stepLines } from './progress.ts'
import { errorLines, resultLines } from './result.ts'
import { textLines } from './text.ts'

/** What the screen is drawn from beside the change itself. `now`: ms since the epoch. */
export interface Around {
  readonly snapshot: Snapshot | undefined
  readonly isReadOnly: boolean
  readonly commandLine: (words: string) => string
  readonly now: number
}

/** The screen as lines, and how it is scrolled. */
export interface ChangeView {
  readonly lines: readonly Spans[]
  readonly top: number
  readonly reach: number
  readonly rows: number
  /** Of the terminal, in the area. */
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** What fills the box: the middle is scrolled, what is above and below it stays. */
interface Parts {
  readonly title: string
  readonly head?: readonly Spans[]
  readonly middle: readonly Spans[]
  /** The line that stays in sight. */
  readonly active?: number | undefined
  readonly foot?: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** The Change screen in exactly `area.height` lines. Pure. */
export function changeView(state: ChangeState, around: Around, area: Area, style: Style): ChangeView {
  const width = Math.max(1, area.width - 4)
  const { title, head = [], middle, active, foot = [], cursor } = partsOf(state, around, width, style)
  const rows = Math.max(1, area.height - 2 - head.length - foot.length)
  const reach = Math.max(0, middle.length - rows)
  // A step is followed with what comes after it in sight.
  const follow = active === undefined ? 0 : active - Math.floor(rows / 3)
  const top = Math.max(0, Math.min(reach, state.top ?? follow))
  const place = reach === 0 ? title : `${title} (${top + 1}-${top + rows} of ${middle.length})`
  const inner = [...head, ...fill(middle.slice(top, top + rows), rows), ...foot]
  return {
    lines: fill(box(place, inner, area, style), area.height),
    ...{ top, reach, rows },
    ...(cursor !== undefined && { cursor: { x: 2 + cursor.x, y: 1 + head.length + rows + cursor.y } }),
  }
}

function partsOf({ stage }: ChangeState, around: Around, width: number, style: Style): Parts {
  switch (stage.kind) {
    case 'idle':
      return { title: 'Change', middle: idleLines(around, width, style) }
    case 'planning': {
      const command = around.commandLine(requestWords(stage.request))
      const again = stage.isStale ? 'The system has changed since. Making the plan anew...' : 'Making the plan...'
      return { title: 'Plan', middle: [[{ text: again }], [], ...textLines(command, width, 'note')] }
    }
    case 'nothing':
      return { title: 'Plan', middle: textLines(stage.text, width) }
    case 'refused':
      return {
        title: 'No plan',
        middle: errorLines(
          stage.error,
          around.commandLine(requestWords(stage.request)),
          around.commandLine,
          width,
          style,
        ),
      }
    case 'planned': {
      const { lines, cursor } = questionLines(stage, width)
      return {
        title: 'Plan',
        middle: planLines(stage, width, style),
        foot: lines,
        ...(cursor !== undefined && { cursor }),
      }
    }
    case 'running': {
      const { lines, active } = stepLines(stage.run, style, around.now)
      return {
        title: around.commandLine(requestWords(stage.request)),
        head: [progressHead(stage, around.now)],
        middle: lines,
        active,
      }
    }
    case 'ended': {
      return { title: 'Result', middle: resultLines(stage, around, width, style) }
    }
  }
}

function idleLines({ snapshot, isReadOnly, now }: Around, width: number, style: Style): readonly Spans[] {
  const operation = snapshot?.status.operation ?? null
  const elsewhere = operation === null ? [] : [...operationLines(operation, now, width, style), []]
  if (isReadOnly) return [...elsewhere, ...textLines('Nothing can be changed here: the dashboard is read-only.', width)]
  return [
    ...elsewhere,
    ...textLines('Nothing is being changed. Each of these shows its plan first:', width),
    [],
    ...STARTS.flatMap(([key, what]) => textLines(`${key.padEnd(4)}${what}`, width, undefined, 2, 4)),
    [],
    ...textLines('Here the progress and the result stay in sight, too.', width, 'quiet'),
  ]
}

const STARTS = [
  ['d', 'deploy: bring what runs to what the config says'],
  ['u', 'update to the newest version of the channel'],
  ['b', 'go back to an earlier release'],
  ['r', 'restart everything; on the overview, the service at the cursor'],
  ['s S', 'start, stop'],
] as const

function operationLines(
  { command, startedAt, interrupted }: NonNullable<Snapshot['status']['operation']>,
  now: number,
  width: number,
  style: Style,
): readonly Spans[] {
  const age = formatDuration(Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000) * 1000))
  const text = interrupted
    ? `${glyph(style, 'warning')} Interrupted: ${command}, begun ${age} ago. The next change finishes or undoes it first.`
    : `${glyph(style, 'partly')} Under way elsewhere: ${command}, begun ${age} ago`
  return textLines(text, width, 'warn')
}
