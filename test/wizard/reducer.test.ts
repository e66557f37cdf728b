import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event, Key } from '../../src/ui/wizard/events.ts'
import { reduce } from '../../src/ui/wizard/reducer.ts'
import {
  answersOf,
  type Catalogue,
  initialState,
  keyOf,
  questionsOf,
  type State,
  SUMMARY,
} from '../../src/ui/wizard/state.ts'
import { answersAfter, catalogue, play } from './support.ts'

const DEMO = 'd<down><enter><enter>'
/** From the first question to the summary, with what is answered already. */
const ON = '<pageDown>'.repeat(12)

describe('the way through the wizard', () => {
  it('with Enter alone ends with the defaults, which say nothing', () => {
    const state = play('<enter>'.repeat(40))
    expect(state.ending).toBe('write')
    expect(answersOf(state, catalogue)).toEqual({})
    expect(play(ON).step).toBe(SUMMARY)
  })

  it('Enter goes on, Esc, PageUp and Shift-Tab go back, and what was typed is still there', () => {
    const typed = play('<enter><enter><enter>lab.example.org')
    expect(typed.step).toBe('access')
    const there = play('<escape><escape><enter><enter>', typed)
    expect([there.step, there.lines['ddalab ingress.domain']?.text]).toEqual(['access', 'lab.example.org'])
    expect(play('<pageUp>', typed).step).toBe('own')
    expect(play('<backTab>', typed).step).toBe('own')
  })

  it('from a row of the summary leads to its question and back', () => {
    const summary = play(ON)
    const asking = play('<home><down><down><enter>', summary)
    expect([asking.step, asking.field, asking.detour]).toEqual(['own', 'docker.image', true])
    const back = play('example.org/app:2<enter>', asking)
    expect(back.step).toBe(SUMMARY)
    expect(answersOf(back, catalogue)).toEqual({ docker: { image: 'example.org/app:2' } })
  })

  it('has "only write" chosen, and neither Esc nor Back ends it', () => {
    expect(play('<enter>', play(ON)).ending).toBe('write')
    expect(play('<right><enter>', play(ON)).ending).toBe('deploy')
    expect(play('<right><right><enter>', play(ON))).toMatchObject({ step: 'updates' })
    expect(play('<left><enter>', play(ON)).ending).toBe('cancel')
    expect(play('<escape>', play(ON))).toMatchObject({ step: 'updates' })
  })

  it('Ctrl-C ends it anywhere, without a question', () => {
    expect(play('<interrupt>').ending).toBe('interrupted')
    expect(play('<interrupt>', play(ON)).ending).toBe('interrupted')
  })
})

describe('answers', () => {
  it('of a template are only asked by that template', () => {
    const demo = play(DEMO)
    expect(questionsOf(demo, catalogue).steps.map(({ id }) => id)).toEqual([
      'template',
      'environment',
      'own',
      'resources',
    ])
    expect(answersAfter('<enter>8099<enter>Größe 実験<enter>', demo)).toEqual({
      template: 'demo',
      parameters: { WEB_PORT: 8099, WEB_TITLE: 'Größe 実験' },
    })
  })

  it('typed for one template are not taken for another, and are there again', () => {
    const demo = play(`${DEMO}busybox:1<enter>`)
    const other = play('<pageUp><pageUp><up><enter><enter>', demo)
    expect(answersOf(other, catalogue)).toEqual({})
    expect(answersOf(play('<pageUp><pageUp><down><enter>', other), catalogue)).toMatchObject({
      docker: { image: 'busybox:1' },
    })
  })

  it('hidden by another answer are kept, and are no answers', () => {
    const ldap = play('<enter><enter>', atStep('auth'))
    expect(ldap.step).toBe('resources')
    const filled = play(
      '<down><enter>ldaps://ldap.example.org<enter>cn=app<enter>s3cret<enter>ou=people',
      atStep('auth'),
    )
    expect(answersOf(filled, catalogue)).toEqual({
      auth: {
        mode: 'ldap',
        ldap: {
          serverUrl: 'ldaps://ldap.example.org',
          bindDn: 'cn=app',
          bindPassword: 's3cret',
          userBase: 'ou=people',
        },
      },
    })
    const local = { ...play('<up>', { ...filled, field: 'auth.mode' }) }
    expect(answersOf(local, catalogue)).toEqual({})
    expect(answersOf(play('<down>', local), catalogue)).toMatchObject({ auth: { ldap: { bindPassword: 's3cret' } } })
  })

  it.each([
    ['own files', '<down>', '/c.pem<enter>/k.pem', { certPath: '/c.pem', keyPath: '/k.pem' }],
    ["Let's Encrypt", '<down><down>', 'ada@example.org', { letsEncrypt: { email: 'ada@example.org' } }],
    ['off', '<down><down><down>', '', { enabled: false }],
  ])('TLS %s', (_what, choose, fill, ssl) => {
    expect(answersAfter(`<enter>${choose}<enter>${fill}`, atStep('access'))).toEqual({ ssl })
  })

  it('a folder for the data becomes a volume of the app', () => {
    expect(answersAfter('<down><enter>', atStep('data'))).toEqual({
      docker: { volumes: { '/home/ada/lab-data': '/app/data' } },
    })
    expect(answersAfter('<down><enter>/srv/ä b<enter>', atStep('data'))).toEqual({
      docker: { volumes: { '/srv/ä b': '/app/data' } },
    })
  })

  it('that are the default say nothing', () => {
    expect(answersAfter('80<enter>443<enter>8002', atStep('ports'))).toEqual({ api: { port: 8002 } })
  })
})

describe('what is wrong with an answer', () => {
  it('is told in the words of the schema, keeps one there, and takes nothing away', () => {
    const wrong = play('99999<enter>', atStep('ports'))
    expect(wrong).toMatchObject({ step: 'ports', field: 'ingress.httpPort' })
    expect(wrong.lines['ddalab ingress.httpPort']?.text).toBe('99999')
    expect(play('<backspace><enter>', wrong).field).toBe('ingress.httpsPort')
  })

  it('keeps one in the step when it is left', () => {
    expect(play('<down><enter><pageDown>', atStep('auth'))).toMatchObject({
      step: 'auth',
      field: 'auth.ldap.serverUrl',
    })
  })

  it('two ports that are the same are told at one of them', () => {
    expect(play('8443<enter>8443<enter>', atStep('ports'))).toMatchObject({ step: 'ports' })
  })
})

describe('any sequence of keys', () => {
  const keys: readonly Key[] = [
    ...(['left', 'right', 'home', 'end', 'backspace', 'delete', 'deleteWord', 'deleteToStart', 'deleteToEnd'] as const),
    ...(['enter', 'enter', 'tab', 'backTab', 'up', 'down', 'pageUp', 'pageDown', 'escape', 'offer'] as const),
  ]
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...keys).map((key): Event => ({ type: 'key', key })) },
    {
      weight: 2,
      arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }).map((text): Event => ({ type: 'text', text })),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text): Event => ({ type: 'pasted', text })) },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('looked' as const),
        id: fc.constantFrom('ingress.httpPort', 'data.folder', 'nowhere'),
        of: fc.constantFrom('80', '8080', ''),
        verdict: fc.constantFrom({ tone: 'warn', text: 'held', offer: '8081' } as const, undefined),
      }),
    },
  )

  it('never throws, and never changes what was typed at another question', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        let state = initialState(catalogue)
        for (const one of events) {
          const next = reduce(state, one, catalogue)
          expect(withoutHere(next, state)).toEqual(withoutHere(state, state))
          if (next.step !== SUMMARY && next.ending === undefined) {
            expect(questionsOf(next, catalogue).steps.map(({ id }) => id)).toContain(next.step)
          }
          answersOf(next, catalogue)
          state = next
        }
      }),
      { numRuns: 150 },
    )
  })
})

/** The lines without that of the field at which somebody is in `at`. */
function withoutHere(state: State, at: State, on: Catalogue = catalogue) {
  const questions = questionsOf(at, on)
  const field = questions.steps.flatMap(({ fields }) => fields).find(({ id }) => id === at.field)
  const here = field === undefined ? undefined : keyOf(field, questions)
  return Object.fromEntries(Object.entries(state.lines).filter(([key]) => key !== here))
}

/** The wizard for DDALAB at a step, nothing answered. */
function atStep(id: string): State {
  const step = questionsOf(initialState(catalogue), catalogue).steps.find((one) => one.id === id)
  if (step === undefined) throw new Error(`there is no step ${id}`)
  return { ...initialState(catalogue), step: id, field: step.fields[0]?.id ?? '' }
}
