import { secretsToGenerate } from '../../../core/actions/config-from-answers.ts'
import { glyph, PLAIN, type Style, type Tone } from '../../cli/style.ts'
import { renderObstacles, renderPlan } from '../../cli/views/plan.ts'
import type { Field } from '../field.ts'
import {
  allAsked,
  answersOf,
  answerTo,
  type Catalogue,
  isChanged,
  lineFor,
  type Preview,
  type Questions,
  type State,
} from '../state.ts'
import { type Body, labelOf } from './step.ts'
import { pad, type Spans, wrap } from './text.ts'

interface Ground {
  readonly state: State
  readonly catalogue: Catalogue
  readonly questions: Questions
  readonly width: number
  readonly style: Style
}

/** All answers, the secrets that will be made, and what a deploy would do. */
export function summaryBody(ground: Ground): Body {
  const { state, catalogue, questions, width, style } = ground
  const fields = allAsked(state, questions)
  const labels = Math.max(0, ...fields.map(({ label }) => label.length))
  const rows = fields.map((field, index) => answerRow(field, index === state.summary.row, labels, ground))
  const secrets = secretsToGenerate(answersOf(state, catalogue), questions.facts.template)
  const made = secrets.length === 0 ? 'No secrets are generated.' : `Generated secrets: ${secrets.join(', ')}`
  const legend = fields.some((field) => isChanged(state, field, questions)) ? [`* differs from the default`] : []
  const lines: readonly Spans[] = [
    ...rows,
    ...legend.map((text) => [{ text: `  ${text}`, tone: 'quiet' as const }]),
    [],
    ...indented(made, 2, width),
    [],
    ...previewLines(state.summary.preview, width, style),
  ]
  const row = Math.min(state.summary.row, fields.length - 1)
  return { lines, focus: [row, row] }
}

function answerRow(field: Field, isHere: boolean, labels: number, { state, questions, style }: Ground): Spans {
  const changed = isChanged(state, field, questions)
  const answer = answerTo(state, field, questions)
  const { text } = lineFor(state, field, questions)
  const shown = field.kind === 'secret' ? glyph(style, 'masked').repeat(text === '' ? 0 : 8) : labelOf(field, answer)
  const here = isHere ? (style.unicode ? '▸' : '>') : ' '
  return [
    { text: `${here} `, tone: 'strong' },
    { text: pad(field.label, labels + 2), ...(isHere && { tone: 'strong' as const }) },
    { text: `${changed ? '*' : ' '} ${shown === '' ? '-' : shown}`, tone: changed ? 'note' : 'quiet' },
  ]
}

const SIGNS: { readonly [sign: string]: Tone } = { '+': 'good', '~': 'warn', '-': 'bad' }

function previewLines(preview: Preview, width: number, style: Style): readonly Spans[] {
  switch (preview.kind) {
    case 'making':
      return [[{ text: `  Making the plan${glyph(style, 'ellipsis')}`, tone: 'quiet' }]]
    case 'failed': {
      const hint = preview.hint === undefined ? '' : ` ${preview.hint}`
      return indented(`${glyph(style, 'warning')} There is no plan: ${preview.message}${hint}`, 2, width, 'warn')
    }
    case 'made': {
      const { plan, problems, warnings } = preview.result
      const plain = { ...PLAIN, unicode: style.unicode }
      const text = `${renderPlan(plan, plain)}${renderObstacles(problems, plain)}`
      const told = warnings.flatMap((warning) => indented(`${glyph(style, 'warning')} ${warning}`, 2, width, 'warn'))
      return [...text.split('\n').flatMap((line, index) => planLine(line, index === 0, width)), ...told]
    }
  }
}

function planLine(line: string, isHead: boolean, width: number): readonly Spans[] {
  const indent = line.length - line.trimStart().length
  const tone = isHead ? 'strong' : SIGNS[line.trimStart().charAt(0)]
  return indented(line.trim(), indent + 2, width, tone)
}

function indented(text: string, indent: number, width: number, tone?: Tone): readonly Spans[] {
  const room = Math.max(8, width - indent - 2)
  return wrap(text, room).map((line, index) => [
    { text: ' '.repeat(indent + (index === 0 ? 0 : 2)) + line, ...(tone !== undefined && { tone }) },
  ])
}
