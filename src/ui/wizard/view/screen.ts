import stringWidth from 'string-width'
import { glyph, type Style } from '../../cli/style.ts'
import { allAsked, type Catalogue, CHOICES, type Choice, questionsOf, type State, SUMMARY } from '../state.ts'
import { type Body, stepBody } from './step.ts'
import { summaryBody } from './summary.ts'
import { pad, paintLine, type Spans } from './text.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Screen {
  /** No wider than the terminal and one line less than it has. */
  readonly lines: readonly string[]
  readonly cursor?: { readonly x: number; readonly y: number }
  /** Lines by which the body can be scrolled. */
  readonly reach: number
}

/** Below these many rows head and foot give way to the questions. */
const SMALL = 12
const TINY = 6

/** What the terminal shows. Pure. */
export function screenOf(state: State, catalogue: Catalogue, size: Size, style: Style): Screen {
  const width = Math.max(8, size.columns - 1)
  const rows = Math.max(1, size.rows - 1)
  const ground = { state, catalogue, questions: questionsOf(state, catalogue), width, style }
  const body = state.step === SUMMARY ? summaryBody(ground) : stepBody(ground)
  const head = headLines(state, catalogue, width, rows, style)
  const feet = (more: number) => footLines(state, catalogue, width, rows, more, style)
  const room = Math.max(1, rows - head.length - feet(1).length)
  const top = firstLine(state, body, room, catalogue)
  const foot = feet(body.lines.length - room - top)
  const shown = body.lines.slice(top, top + room)
  const filled = [...shown, ...Array<Spans>(Math.max(0, room - shown.length)).fill([])]
  const y = body.cursor === undefined ? -1 : body.cursor.y - top
  return {
    lines: [...head, ...filled, ...foot].slice(0, rows).map((spans) => paintLine(spans, width, style)),
    reach: Math.max(0, body.lines.length - room),
    ...(body.cursor !== undefined &&
      y >= 0 &&
      y < room && { cursor: { x: Math.min(body.cursor.x, width - 1), y: y + head.length } }),
  }
}

/** The first line of the body that is shown: as it was scrolled, or so that what somebody is at is in sight. */
function firstLine(state: State, body: Body, room: number, catalogue: Catalogue): number {
  const reach = Math.max(0, body.lines.length - room)
  const { scroll, row } = state.summary
  if (state.step === SUMMARY && scroll !== 'row') return Math.min(scroll, reach)
  if (state.step === SUMMARY && row >= allAsked(state, questionsOf(state, catalogue)).length) return 0
  const [first, last] = body.focus
  if (last < room) return 0
  return Math.min(reach, first, Math.max(0, last - room + 1))
}

function headLines(state: State, catalogue: Catalogue, width: number, rows: number, style: Style): readonly Spans[] {
  if (rows < TINY) return []
  const { steps } = questionsOf(state, catalogue)
  const index = steps.findIndex(({ id }) => id === state.step)
  const title = state.step === SUMMARY ? 'Summary' : (steps[index]?.title ?? '')
  const place = state.step === SUMMARY ? '' : `${index + 1} of ${steps.length}`
  const left = ` Set up ${catalogue.instance}`
  const head: Spans = [
    { text: pad(left, Math.max(0, width - stringWidth(place) - 1)), tone: 'quiet' },
    { text: place, tone: 'quiet' },
  ]
  const titleLine: Spans = [{ text: ` ${title}`, tone: 'strong' }]
  if (rows < SMALL) return [titleLine]
  return [head, [{ text: glyph(style, 'rule').repeat(width), tone: 'quiet' }], titleLine, []]
}

const WORDS: { readonly [choice in Choice]: string } = {
  write: 'Only write the config',
  deploy: 'Write and deploy now',
  back: 'Back',
  cancel: 'Cancel',
}
const SHORT: { readonly [choice in Choice]: string } = {
  write: 'Write',
  deploy: 'Deploy',
  back: 'Back',
  cancel: 'Cancel',
}

const KEYS = ['Enter next', 'Esc back', 'Up/Down between', 'Ctrl-C leave, nothing is written']
const SUMMARY_KEYS = ['Enter choose', 'Up/Down answers', 'PgDn/PgUp scroll', 'Esc back', 'Ctrl-C leave']

function footLines(state: State, catalogue: Catalogue, width: number, rows: number, more: number, style: Style) {
  const isSummary = state.step === SUMMARY
  const choices: readonly Spans[] = isSummary ? [choicesLine(state, catalogue, width)] : []
  if (rows < TINY) return choices
  const hidden = more > 0 ? ` ${more} more below ` : ''
  const line = glyph(style, 'rule').repeat(Math.max(0, width - hidden.length - 2))
  const rule: Spans = [{ text: `${line}${hidden}${glyph(style, 'rule').repeat(2)}`, tone: 'quiet' }]
  if (rows < SMALL) return more > 0 ? [rule, ...choices] : choices
  const keys = isSummary ? SUMMARY_KEYS : KEYS
  const told = keys.reduce((text, key) => (`${text}   ${key}`.length < width ? `${text}   ${key}` : text))
  return [rule, ...choices, [{ text: ` ${told}`, tone: 'quiet' }] satisfies Spans]
}

function choicesLine(state: State, catalogue: Catalogue, width: number): Spans {
  const onChoices = state.summary.row >= allAsked(state, questionsOf(state, catalogue)).length
  const long = CHOICES.map((choice) => WORDS[choice]).join('').length + CHOICES.length * 5
  const words = long <= width ? WORDS : SHORT
  return CHOICES.flatMap((choice) => {
    const isChosen = choice === state.summary.choice
    const text = isChosen && onChoices ? `[${words[choice]}]` : ` ${words[choice]} `
    return [
      { text: ' ' },
      { text, ...(isChosen && onChoices ? { tone: 'strong' as const } : { tone: 'quiet' as const }) },
    ]
  })
}
