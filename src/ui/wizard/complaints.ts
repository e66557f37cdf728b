import { crossFieldErrors, over, parseAssignment } from '../../core/config/index.ts'
import { DdalabError } from '../../core/errors.ts'
import type { Field } from './field.ts'
import {
  answersOf,
  answerTo,
  type Catalogue,
  lineFor,
  type Questions,
  questionsOf,
  type State,
  type Typed,
  type Verdict,
} from './state.ts'

/** What a look at the machine says about the answer as it is now; nothing while it has not been looked. */
export function verdictOn(state: State, field: Field, questions: Questions): Verdict | undefined {
  const found = state.verdicts[field.id]
  return found !== undefined && found.of === probedText(state, field, questions) ? found.verdict : undefined
}

/** The texts that a look is about, as one. */
export function probedText(state: Typed, { probe }: Field, questions: Questions): string {
  return probedTexts(state, probe?.of ?? [], questions).join('\n')
}

export function probedTexts(state: Typed, of: readonly string[], questions: Questions): readonly string[] {
  const fields = questions.steps.flatMap((step) => step.fields)
  return of.map((id) => {
    const field = fields.find((one) => one.id === id)
    return field === undefined ? '' : answerTo(state, field, questions)
  })
}

/** What is wrong with the answer to a field, in the words of the schema; undefined when nothing is. */
export function complaintAbout(state: State, field: Field, catalogue: Catalogue): string | undefined {
  const questions = questionsOf(state, catalogue)
  const answer = answerTo(state, field, questions)
  if (answer === '') return field.required ? `${field.label} is needed.` : undefined
  // What nobody typed is the template's own.
  const typed = lineFor(state, field, questions).text !== ''
  return (
    (typed ? refusal(field, answer) : undefined) ??
    badVerdict(state, field, questions) ??
    clash(state, field, catalogue)
  )
}

function refusal(field: Field, answer: string): string | undefined {
  if (field.choices.length > 0) {
    return field.choices.some(({ value }) => value === answer) ? undefined : `${field.label} is none of these.`
  }
  try {
    for (const setting of field.settings(answer)) parseAssignment(setting)
    return undefined
  } catch (thrown) {
    if (thrown instanceof DdalabError) return `${thrown.message}.`
    throw thrown
  }
}

function badVerdict(state: State, field: Field, questions: Questions): string | undefined {
  const verdict = verdictOn(state, field, questions)
  return verdict?.tone === 'bad' ? verdict.text : undefined
}

/** The rules over several settings, told at the last of the fields that they are about. */
function clash(state: State, field: Field, catalogue: Catalogue): string | undefined {
  if (field.kind !== 'port') return undefined
  const { facts } = questionsOf(state, catalogue)
  const config = over(facts.defaults, { ...answersOf(state, catalogue), version: facts.defaults.version })
  const found = crossFieldErrors(config).find(({ message }) => message.includes(field.id))
  return found === undefined ? undefined : `${found.message}. ${found.hint}`
}
