import { glyph, type Style } from '../../cli/style.ts'
import { complaintAbout, verdictOn } from '../complaints.ts'
import type { Field } from '../field.ts'
import { lineOf, showLine } from '../line.ts'
import { answerTo, asked, type Catalogue, lineFor, type Questions, type State } from '../state.ts'
import { pad, type Spans, wrap } from './text.ts'

/** The lines of a body, and what of it must be in sight. */
export interface Body {
  readonly lines: readonly Spans[]
  /** First and last line of what somebody is at. */
  readonly focus: readonly [number, number]
  /** Where the terminal's cursor stands: column and line of the body. */
  readonly cursor?: { readonly x: number; readonly y: number }
}

interface Ground {
  readonly state: State
  readonly catalogue: Catalogue
  readonly questions: Questions
  readonly width: number
  readonly style: Style
}

const GAP = 2
/** Below this many columns a label stands above its answer. */
const NARROW = 44

/** The questions of a step, the one in focus with its help and its choices. */
export function stepBody(ground: Ground): Body {
  const { state, questions, width } = ground
  const step = questions.steps.find(({ id }) => id === state.step) ?? questions.steps[0]
  const fields = step === undefined ? [] : asked(state, step, questions)
  const focused = fields.find(({ id }) => id === state.field) ?? fields[0]
  const labels = width < NARROW ? 0 : Math.max(0, ...fields.map(({ label }) => label.length)) + GAP
  const intro = step?.intro === undefined ? [] : [...quiet(step.intro, width, 1), []]
  let body: Body = { lines: intro, focus: [0, 0] }
  for (const field of fields) {
    const top = body.lines.length
    const block = field === focused ? focusedBlock(field, labels, ground) : restingBlock(field, labels, ground)
    body = {
      ...body,
      lines: [...body.lines, ...block.lines],
      ...(field === focused && { focus: [top, top + block.lines.length - 1] }),
      ...(block.cursor !== undefined && { cursor: { x: block.cursor.x, y: top + block.cursor.y } }),
    }
  }
  return body
}

interface Block {
  readonly lines: readonly Spans[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

function restingBlock(field: Field, labels: number, ground: Ground): Block {
  const { state, questions, style } = ground
  const { text } = lineFor(state, field, questions)
  const shown =
    field.kind === 'secret'
      ? glyph(style, 'masked').repeat(text === '' ? 0 : 8)
      : labelOf(field, answerTo(state, field, questions))
  const answer = { text: shown === '' ? '-' : shown, ...(text === '' && { tone: 'quiet' as const }) }
  const label = `  ${field.label}`
  const rows: readonly Spans[] =
    labels === 0 ? [[{ text: label }], [{ text: '    ' }, answer]] : [[{ text: pad(label, labels + 2) }, answer]]
  return { lines: [...rows, ...remarks(field, labels, ground)] }
}

function focusedBlock(field: Field, labels: number, ground: Ground): Block {
  const { width, style } = ground
  const indent = labels === 0 ? 4 : labels + 2
  const label = { text: `${style.unicode ? '▸' : '>'} ${field.label}`, tone: 'strong' } as const
  const help = quiet(field.help, width, indent)
  if (field.choices.length > 0) {
    const question: Spans = [label, { text: `  ${field.help}`, tone: 'quiet' }]
    return { lines: [question, ...choiceLines(field, ground)] }
  }
  const { spans, cursor } = inputSpans(field, Math.max(4, width - indent), ground)
  const input: readonly Spans[] =
    labels === 0
      ? [[label], [{ text: ' '.repeat(indent) }, ...spans]]
      : [[{ ...label, text: pad(label.text, indent) }, ...spans]]
  return {
    lines: [...input, ...remarks(field, labels, ground), ...help],
    cursor: { x: indent + cursor, y: input.length - 1 },
  }
}

function inputSpans(field: Field, width: number, { state, questions, style }: Ground) {
  const line = lineFor(state, field, questions)
  const { text, cursor } = showLine(line, width, field.kind === 'secret' ? glyph(style, 'masked') : undefined)
  if (line.text !== '') return { spans: [{ text }], cursor }
  const { text: fallback } = showLine({ ...lineOf(field.fallback), cursor: 0 }, width)
  const empty = field.required && fallback === '' ? 'needed' : fallback
  return { spans: [{ text: empty, tone: 'quiet' as const }], cursor: 0 }
}

function choiceLines(field: Field, { state, questions, width, style }: Ground): readonly Spans[] {
  const answer = answerTo(state, field, questions)
  const column = Math.max(...field.choices.map(({ label }) => label.length)) + GAP
  return field.choices.flatMap(({ value, label, help = '' }): readonly Spans[] => {
    const isChosen = value === answer
    const mark = isChosen ? glyph(style, 'running') : glyph(style, 'stopped')
    const head = { text: `    ${mark} ${pad(label, column)}`, ...(isChosen && { tone: 'strong' as const }) }
    const indent = 6 + column
    const beside = width - indent >= 20
    const [first = '', ...rest] = beside ? wrap(help, width - indent) : ['']
    const below = beside ? rest.map((text) => [{ text: ' '.repeat(indent) + text, tone: 'quiet' as const }]) : []
    return [[head, { text: first, tone: 'quiet' }], ...below]
  })
}

/** What is wrong with an answer, or what the machine says about it. */
function remarks(
  field: Field,
  labels: number,
  { state, questions, catalogue, width, style }: Ground,
): readonly Spans[] {
  const indent = labels === 0 ? 4 : labels + 2
  const complaint = state.tried.includes(field.id) ? complaintAbout(state, field, catalogue) : undefined
  if (complaint !== undefined) return toned(`${glyph(style, 'failed')} ${complaint}`, 'bad', width, indent)
  const verdict = verdictOn(state, field, questions)
  if (verdict === undefined) return []
  const sign = glyph(style, verdict.tone === 'good' ? 'done' : 'warning')
  const offer = verdict.offer === undefined ? '' : ` Ctrl-N takes ${verdict.offer}.`
  return toned(`${sign} ${verdict.text}${offer}`, verdict.tone, width, indent)
}

function quiet(text: string, width: number, indent: number): readonly Spans[] {
  return text === '' ? [] : toned(text, 'quiet', width, indent)
}

function toned(text: string, tone: 'good' | 'warn' | 'bad' | 'quiet', width: number, indent: number): readonly Spans[] {
  return wrap(text, Math.max(8, width - indent)).map((line) => [{ text: ' '.repeat(indent) }, { text: line, tone }])
}

/** An answer as it is shown: that of a choice by its label. */
export function labelOf(field: Field, answer: string): string {
  return field.choices.find(({ value }) => value === answer)?.label ?? answer
}
