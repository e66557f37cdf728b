import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { configFromAnswers } from '../../src/core/actions/config-from-answers.ts'
import {
  type Answers,
  answersSchema,
  parseAnswers,
  parseAssignment,
  parseConfig,
  setPath,
} from '../../src/core/config/index.ts'
import { answersOf, initialState, questionsOf, type State, settingsOf } from '../../src/ui/wizard/state.ts'
import { problemsOf } from '../config/support.ts'
import { errorOf } from '../support/errors.ts'
import { catalogue, ddalabTemplate, play } from './support.ts'

/** Randomness that is the same every time. */
const randomBytes = (count: number) => Uint8Array.from({ length: count }, (_, index) => (index * 37 + 11) % 256)
const textOf = (answers: Answers) => configFromAnswers(answers, ddalabTemplate, randomBytes).text

/** The wizard, filled in by keys at the steps that are named. */
function filledIn(steps: { readonly [id: string]: string }): State {
  let state = initialState(catalogue)
  for (const [step, keys] of Object.entries(steps)) {
    const field = questionsOf(state, catalogue).steps.find(({ id }) => id === step)?.fields[0]?.id ?? ''
    state = play(keys, { ...state, step, field })
  }
  return state
}

const filled = filledIn({
  environment: '<down>',
  access: 'lab.example.org<enter><down><enter>/etc/ssl/lab.pem<enter>/etc/ssl/lab.key',
  data: '<down><enter>/srv/lab data',
  ports: '8080<enter>8443',
  auth: '<down><enter>ldaps://ldap.example.org<enter>cn=app<enter>p"$ é<enter>ou=people',
  resources: '2.5<enter>4g',
  monitoring: '<up>',
  updates: '<down>',
})

describe('the same answers make the same config, byte for byte', () => {
  it('from the wizard, from a file, and from settings', () => {
    const wizard = answersOf(filled, catalogue)
    const file = parseAnswers(stringify(wizard), 'answers.yml').answers
    const settings = settingsOf(filled, catalogue).map((setting) => parseAssignment(setting))
    const flags = answersSchema.parse(
      settings.reduce<unknown>((tree, { path, value }) => setPath(tree, path, value), {}),
    )
    expect(textOf(file)).toBe(textOf(wizard))
    expect(textOf(flags)).toBe(textOf(wizard))
    expect(parseConfig(textOf(wizard), 'config.yml').document.config).toMatchObject(wizard)
  })

  it('and other randomness makes other secrets only', () => {
    const answers = answersOf(filled, catalogue)
    const other = configFromAnswers(answers, ddalabTemplate, (count) => new Uint8Array(count).fill(7))
    expect(other.text).not.toBe(textOf(answers))
    expect(other.generated).toContain('database.password')
    expect(parseConfig(other.text, 'config.yml').document.config).toMatchObject(answers)
  })
})

describe('a file of answers', () => {
  const told = (text: string) =>
    problemsOf(errorOf(() => parseAnswers(text, 'answers.yml'))).map(
      ({ place, message, hint }) => `${place?.line}:${place?.column} ${message} | ${hint}`,
    )

  it('needs nothing, not even the version', () => {
    expect(parseAnswers('', 'answers.yml').answers).toEqual({})
    expect(parseAnswers('version: 3.0.0\napi: { port: 8002 }\n', 'answers.yml').answers).toEqual({
      api: { port: 8002 },
    })
  })

  it('that is wrong is refused with all places at once', () => {
    expect(told('api:\n  prot: 1\nweb: { port: many }\n')).toMatchInlineSnapshot(`
      [
        "2:3 api.prot is not a setting | Did you mean api.port?",
        "3:14 web.port must be a port, a whole number from 1 to 65535 | What it is: Port of the web interface in its container.",
      ]
    `)
    expect(told('version: 1.0.0\n')).toMatchInlineSnapshot(`
      [
        "1:10 version must be 3.0.0 in a file of answers, or be left out | A config of another version is a beginning for init: --from FILE.",
      ]
    `)
    expect(told('api: [\n')).toMatchInlineSnapshot(`
      [
        "2:1 The indentation does not fit | Indent with spaces, by the same number in one section.",
      ]
    `)
    expect(told('- a list\n')).toMatchInlineSnapshot(`
      [
        "1:1 The config must be a section: keys and values below it | Correct it.",
      ]
    `)
  })
})
