import { complaintAbout, verdictOn } from './complaints.ts'
import type { Event, Key } from './events.ts'
import type { Field, Step } from './field.ts'
import { type Edit, edit, insert, type Line, lineOf } from './line.ts'
import { pasted } from './paste.ts'
import {
  allAsked,
  answerTo,
  asked,
  type Catalogue,
  keyOf,
  lineFor,
  type Questions,
  questionsOf,
  type State,
  SUMMARY,
} from './state.ts'
import { reduceSummary } from './summary-reducer.ts'

/** What happens to the wizard: the next state. Pure; never throws, and never forgets what was typed. */
export function reduce(state: State, event: Event, catalogue: Catalogue): State {
  if (state.ending !== undefined) return state
  switch (event.type) {
    case 'looked': {
      const { id, of, verdict } = event
      const { [id]: _former, ...others } = state.verdicts
      return { ...state, verdicts: verdict === undefined ? others : { ...others, [id]: { of, verdict } } }
    }
    case 'previewed':
      return { ...state, summary: { ...state.summary, preview: event.preview } }
    case 'measured': {
      const { scroll } = state.summary
      return typeof scroll === 'number' && scroll > event.reach
        ? { ...state, summary: { ...state.summary, scroll: event.reach } }
        : state
    }
    case 'text':
    case 'pasted':
    case 'key': {
      if (event.type === 'key' && event.key === 'interrupt') return { ...state, ending: 'interrupted' }
      const moves = movesOf(state, catalogue)
      if (state.step === SUMMARY) return reduceSummary(state, event, moves.questions)
      if (event.type === 'key') return onKey(moves, event.key)
      return event.type === 'text' ? onText(moves, event.text) : onPaste(moves, event.text)
    }
  }
}

/** Where one is, and what can be reached from there. */
interface Moves {
  readonly state: State
  readonly catalogue: Catalogue
  readonly questions: Questions
}

function movesOf(state: State, catalogue: Catalogue): Moves {
  return { state, catalogue, questions: questionsOf(state, catalogue) }
}

interface Here extends Moves {
  readonly step: Step
  readonly fields: readonly Field[]
  readonly field: Field
}

function hereOf(moves: Moves): Here | undefined {
  const { state, questions } = moves
  const step = questions.steps.find(({ id }) => id === state.step) ?? questions.steps[0]
  const fields = step === undefined ? [] : asked(state, step, questions)
  const field = fields.find(({ id }) => id === state.field) ?? fields[0]
  return step === undefined || field === undefined ? undefined : { ...moves, step, fields, field }
}

function onText(moves: Moves, text: string): State {
  const here = hereOf(moves)
  if (here === undefined) return moves.state
  const { field } = here
  if (field.choices.length === 0) return withLine(here, insert(lineFor(here.state, field, here.questions), text))
  if (text === ' ') return choose(here, 1, true)
  const meant = field.choices.find(({ label }) => label.toLowerCase().startsWith(text.toLowerCase()))
  return meant === undefined ? here.state : withLine(here, lineOf(meant.value))
}

function onPaste(moves: Moves, text: string): State {
  const here = hereOf(moves)
  if (here === undefined || here.field.choices.length > 0) return moves.state
  return withLine(here, insert(lineFor(here.state, here.field, here.questions), pasted(text, here.field.kind)))
}

function onKey(moves: Moves, key: Key): State {
  const here = hereOf(moves)
  if (here === undefined) return moves.state
  const isChoice = here.field.choices.length > 0
  switch (key) {
    case 'enter':
    case 'tab':
      return forward(here)
    case 'down':
      return (isChoice ? choose(here, 1, false) : undefined) ?? beside(here, 1)
    case 'up':
      return (isChoice ? choose(here, -1, false) : undefined) ?? beside(here, -1)
    case 'backTab':
      return here.fields[0] === here.field ? back(here) : beside(here, -1)
    case 'escape':
    case 'pageUp':
      return back(here)
    case 'pageDown':
      return leave(here)
    case 'offer': {
      const offer = verdictOn(here.state, here.field, here.questions)?.offer
      return offer === undefined ? here.state : withLine(here, lineOf(offer))
    }
    case 'interrupt':
      return here.state
    default:
      if (isChoice)
        return key === 'left' ? choose(here, -1, true) : key === 'right' ? choose(here, 1, true) : here.state
      return withLine(here, edited(here, key))
  }
}

/** At an empty line, going to its end takes the default up, to be changed. */
function edited({ state, field, questions }: Here, how: Edit): Line {
  const line = lineFor(state, field, questions)
  const takesUp = line.text === '' && (how === 'right' || how === 'end') && field.kind !== 'secret'
  return takesUp ? lineOf(field.fallback) : edit(line, how)
}

/** The choice beside the present one: around the end, or none. */
function choose(here: Here, by: number, around: true): State
function choose(here: Here, by: number, around: false): State | undefined
function choose(here: Here, by: number, around: boolean): State | undefined {
  const { field, state, questions } = here
  const { choices } = field
  const now = choices.findIndex(({ value }) => value === answerTo(state, field, questions))
  const next = around ? (now + by + choices.length) % choices.length : now + by
  const choice = choices[next]
  return choice === undefined ? (around ? state : undefined) : withLine(here, lineOf(choice.value))
}

function withLine({ state, field, questions }: Here, line: Line): State {
  return { ...state, lines: { ...state.lines, [keyOf(field, questions)]: line } }
}

function beside({ state, fields, field }: Here, by: number): State {
  const next = fields[fields.indexOf(field) + by]
  return next === undefined ? state : { ...state, field: next.id, tried: [...new Set([...state.tried, field.id])] }
}

/** Enter: what is wrong keeps one at the field; else to the next one, and from the last to the next step. */
function forward(here: Here): State {
  const { state, field, fields, catalogue } = here
  const tried = { ...state, tried: [...new Set([...state.tried, field.id])] }
  if (complaintAbout(state, field, catalogue) !== undefined) return { ...tried, field: field.id }
  return field === fields.at(-1) ? leave(here) : { ...tried, field: fields[fields.indexOf(field) + 1]?.id ?? field.id }
}

/** To the next step, or the summary after the last one, when nothing is wrong with this one. */
function leave(here: Here): State {
  const { state, step, fields, questions, catalogue } = here
  const tried = { ...state, tried: [...new Set([...state.tried, ...fields.map(({ id }) => id)])] }
  const wrong = fields.find((field) => complaintAbout(state, field, catalogue) !== undefined)
  if (wrong !== undefined) return { ...tried, field: wrong.id }
  const next = questions.steps[questions.steps.findIndex(({ id }) => id === step.id) + 1]
  return state.detour || next === undefined ? toSummary(here, tried) : toStep(tried, next, questions)
}

function back(here: Here): State {
  const { state, step, questions } = here
  if (state.detour) return toSummary(here, state)
  const former = questions.steps[questions.steps.findIndex(({ id }) => id === step.id) - 1]
  return former === undefined ? state : toStep(state, former, questions)
}

function toStep(state: State, step: Step, questions: Questions, field?: string): State {
  const first = asked(state, step, questions)[0]
  return { ...state, step: step.id, field: field ?? first?.id ?? '' }
}

/** The summary is of answers that are right: where one is wrong, one comes there instead. */
function toSummary({ questions, catalogue }: Moves, state: State): State {
  const wrong = allAsked(state, questions).find((field) => complaintAbout(state, field, catalogue) !== undefined)
  const step = questions.steps.find(({ fields }) => wrong !== undefined && fields.includes(wrong))
  if (wrong !== undefined && step !== undefined) {
    return {
      ...toStep(state, step, questions, wrong.id),
      detour: true,
      tried: [...new Set([...state.tried, wrong.id])],
    }
  }
  const summary = { ...state.summary, row: Number.MAX_SAFE_INTEGER, scroll: 0, preview: { kind: 'making' } as const }
  return { ...state, step: SUMMARY, field: '', detour: false, summary }
}
