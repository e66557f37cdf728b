import {
  type Answers,
  answersSchema,
  DEFAULT_ENVIRONMENT,
  DEFAULT_TEMPLATE,
  ENVIRONMENTS,
  type EnvironmentName,
  getPath,
  parseAssignment,
  setPath,
} from '../../core/config/index.ts'
import type { PlanResult } from '../../core/providers/docker/index.ts'
import { secretTest, type Template } from '../../core/stack/index.ts'
import { type Facts, type Field, type Machine, type Step, textOf } from './field.ts'
import { EMPTY, type Line } from './line.ts'
import { chooseSteps, ENVIRONMENT, factsOf, stepsOf, TEMPLATE } from './steps/index.ts'

/** What does not change while somebody answers. */
export interface Catalogue {
  readonly templates: readonly Template[]
  readonly instance: string
  readonly home: string
  readonly machine: Machine
  /** What flags have said already. */
  readonly given: { readonly template?: string; readonly environment?: EnvironmentName }
}

export const SUMMARY = 'summary'

/** What a look at the machine found about an answer. */
export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly text: string
  /** An answer that would do. */
  readonly offer?: string
}

/** What a deploy would do, as far as it is known. */
export type Preview =
  | { readonly kind: 'making' }
  | { readonly kind: 'made'; readonly result: PlanResult }
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string | undefined }

export type Choice = 'write' | 'deploy' | 'back' | 'cancel'
export const CHOICES: readonly Choice[] = ['write', 'deploy', 'back', 'cancel']

export type Ending = 'write' | 'deploy' | 'cancel' | 'interrupted'

/** Where somebody is in the wizard and all that was ever typed. Plain data; secrets are in it. */
export interface State {
  /** By field; nothing is ever removed, not even where a question is no longer asked. */
  readonly lines: { readonly [key: string]: Line }
  /** The id of a step, or `summary`. */
  readonly step: string
  /** The id of the field in it. */
  readonly field: string
  /** The step was come to from the summary, and leads back there. */
  readonly detour: boolean
  /** Fields that somebody has been through: what is wrong with them is told. */
  readonly tried: readonly string[]
  readonly verdicts: { readonly [key: string]: { readonly of: string; readonly verdict: Verdict } }
  readonly summary: {
    /** The row that is chosen; the one after the last is that of the choices. */
    readonly row: number
    readonly choice: Choice
    /** The first line that is shown; `row`: so that the chosen row is in sight. */
    readonly scroll: number | 'row'
    readonly preview: Preview
  }
  readonly ending?: Ending
}

/** All that answers depend on. */
export type Typed = Pick<State, 'lines'>

export function initialState(catalogue: Catalogue): State {
  return {
    lines: {},
    step: TEMPLATE,
    field: TEMPLATE,
    detour: false,
    tried: [],
    verdicts: {},
    // What changes nothing is chosen beforehand.
    summary: { row: Number.MAX_SAFE_INTEGER, choice: 'write', scroll: 0, preview: { kind: 'making' } },
    ...(catalogue.templates.length === 0 && { ending: 'cancel' }),
  }
}

/** The questions as they are now: they depend on the first two answers. */
export interface Questions {
  readonly facts: Facts
  readonly steps: readonly Step[]
}

export function questionsOf(state: Typed, catalogue: Catalogue): Questions {
  const { templates, given } = catalogue
  const first = templates.find(({ name }) => name === (given.template ?? DEFAULT_TEMPLATE)) ?? templates[0]
  const fallback = { template: first?.name ?? '', environment: given.environment ?? DEFAULT_ENVIRONMENT }
  const choose = chooseSteps(templates, fallback)
  const chosen = state.lines[TEMPLATE]?.text ?? fallback.template
  const template = templates.find(({ name }) => name === chosen) ?? first
  if (template === undefined) throw new Error('a wizard without templates')
  const answer = state.lines[ENVIRONMENT]?.text ?? fallback.environment
  const environment = ENVIRONMENTS.find((name) => name === answer) ?? DEFAULT_ENVIRONMENT
  const facts = factsOf(template, environment, catalogue)
  return { facts, steps: [...choose, ...stepsOf(facts)] }
}

/** Under which key the text of a field is kept: what was typed for one template is not taken for another. */
export function keyOf(field: Field, { facts }: Questions): string {
  return field.id === TEMPLATE || field.id === ENVIRONMENT ? field.id : `${facts.template.name} ${field.id}`
}

export function lineFor(state: Typed, field: Field, questions: Questions): Line {
  return state.lines[keyOf(field, questions)] ?? EMPTY
}

/** The answer to a field: what was typed, else what holds without it. */
export function answerTo(state: Typed, field: Field, questions: Questions): string {
  const { text } = lineFor(state, field, questions)
  return (field.kind === 'secret' ? text : text.trim()) === '' ? field.fallback : text
}

/** The fields of a step that are asked now. */
export function asked(state: Typed, step: Step, questions: Questions): readonly Field[] {
  return step.fields.filter(({ when }) => {
    if (when === undefined) return true
    const other = step.fields.find(({ id }) => id === when.id)
    return other !== undefined && answerTo(state, other, questions) === when.is
  })
}

/** Everything that is asked, over all steps. */
export function allAsked(state: Typed, questions: Questions): readonly Field[] {
  return questions.steps.flatMap((step) => asked(state, step, questions))
}

/** The answer is not what would hold without it. */
export function isChanged(state: Typed, field: Field, questions: Questions): boolean {
  const answer = answerTo(state, field, questions)
  return answer !== '' && (answer !== field.fallback || field.explicit === true)
}

/** The answers as `--set` would be given them: only what differs from the defaults. What is not valid is left out. */
export function settingsOf(state: Typed, catalogue: Catalogue): readonly string[] {
  const questions = questionsOf(state, catalogue)
  const { template, defaults } = questions.facts
  const { environment = DEFAULT_ENVIRONMENT } = defaults
  const differs = (setting: string): boolean => {
    const assignment = read(setting)
    return assignment !== undefined && textOf(assignment.value) !== textOf(getPath(defaults, assignment.path))
  }
  return [
    ...(template.name === DEFAULT_TEMPLATE ? [] : [`template=${template.name}`]),
    ...(environment === DEFAULT_ENVIRONMENT ? [] : [`environment=${environment}`]),
    ...allAsked(state, questions)
      .filter((field) => field.id !== TEMPLATE && field.id !== ENVIRONMENT && isChanged(state, field, questions))
      .flatMap((field) => field.settings(answerTo(state, field, questions)))
      .filter(differs),
  ]
}

/** The answers as a partial config: what `init --answers` reads. */
export function answersOf(state: Typed, catalogue: Catalogue): Answers {
  const isSecret = secretTest(questionsOf(state, catalogue).facts.template)
  const data = settingsOf(state, catalogue)
    .map((setting) => parseAssignment(setting, { asText: isSecret(parseAssignment(setting).path) }))
    .reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), {})
  return answersSchema.parse(data)
}

/** The folders of this machine that the answers name. */
export function foldersOf(state: Typed, catalogue: Catalogue): readonly string[] {
  const questions = questionsOf(state, catalogue)
  return allAsked(state, questions)
    .filter(({ probe }) => probe?.about === 'folder')
    .map((field) => answerTo(state, field, questions))
}

function read(setting: string) {
  try {
    return parseAssignment(setting)
  } catch {
    return undefined
  }
}
