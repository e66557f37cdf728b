import stringWidth from 'string-width'
import { secretsToGenerate } from '../../../core/actions/config-from-answers.ts'
import { countChanges } from '../../../core/kernel/plan.ts'
import type { PlanResult } from '../../../core/providers/docker/index.ts'
import { plural } from '../../cli/format.ts'
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

/** From this many columns on the plan stands beside the answers. */
const WIDE = 116
const LEFT = 54

/** All answers, the secrets that will be made, and what a deploy would do. */
export function summaryBody(ground: Ground): Body {
  const { state, questions, width, style } = ground
  const fields = allAsked(state, questions)
  const isWide = width >= WIDE
  const answers = answerLines(fields, { ...ground, width: isWide ? LEFT : width })
  const plan = previewLines(state.summary.preview, isWide ? width - LEFT : width, style)
  const row = Math.min(state.summary.row, fields.length - 1)
  return { lines: isWide ? beside(answers, plan, LEFT) : [...answers, [], ...plan], focus: [row, row] }
}

function answerLines(fields: readonly Field[], ground: Ground): readonly Spans[] {
  const { state, catalogue, questions, width } = ground
  const labels = Math.max(0, ...fields.map(({ label }) => label.length))
  const rows = fields.map((field, index) => answerRow(field, index === state.summary.row, labels, ground))
  const secrets = secretsToGenerate(answersOf(state, catalogue), questions.facts.template)
  const made = secrets.length === 0 ? 'No secrets are generated.' : `Generated secrets: ${secrets.join(', ')}`
  const isChangedAny = fields.some((field) => isChanged(state, field, questions))
  return [
    ...rows,
    ...(isChangedAny ? [[{ text: '  * differs from the default', tone: 'quiet' as const }]] : []),
    [],
    ...indented(made, 2, width),
  ]
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
    case 'made':
      return madeLines(preview.result, width, style)
  }
}

/** What matters most comes first: in short, then what stands in the way, then every step. */
function madeLines({ plan, problems, warnings }: PlanResult, width: number, style: Style): readonly Spans[] {
  const plain = { ...PLAIN, unicode: style.unicode }
  const pulls = plan.operations.filter(({ kind }) => kind === 'image.pull').length
  const short = `A deploy makes ${plural(countChanges(plan), 'change')} and pulls ${plural(pulls, 'image')}.`
  const obstacles = renderObstacles(problems, plain)
    .split('\n')
    .filter((line) => line !== '')
  return [
    ...indented(short, 2, width, 'strong'),
    ...obstacles.flatMap((line) => indented(line.trim(), line.length - line.trimStart().length + 2, width, 'warn')),
    ...warnings.flatMap((warning) => indented(`${glyph(style, 'warning')} ${warning}`, 2, width, 'warn')),
    [],
    ...renderPlan(plan, plain)
      .split('\n')
      .flatMap((line, index) => planLine(line, index === 0, width)),
  ]
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

/** Two columns, the left one of so many columns. */
function beside(left: readonly Spans[], right: readonly Spans[], width: number): readonly Spans[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const spans = left[index] ?? []
    const taken = spans.reduce((sum, { text }) => sum + stringWidth(text), 0)
    return [...spans, { text: ' '.repeat(Math.max(0, width - taken)) }, ...(right[index] ?? [])]
  })
}
