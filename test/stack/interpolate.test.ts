import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeDollars, interpolate } from '../../src/core/stack/interpolate.ts'
import { compose, composeComplaint, composeConfig, environmentOf, withFiles } from './compose-oracle.ts'

const variables: Readonly<Record<string, string>> = { A: 'aa', EMPTY: '', DOLLAR: '$A', BRACE: '}' }
const lookup = (name: string): string | undefined => variables[name]

function value(text: string): string {
  const result = interpolate(text, lookup)
  return 'value' in result ? result.value : `${result.failure.kind}: ${JSON.stringify(result.failure)}`
}

describe('interpolation', () => {
  test.each([
    ['plain', 'plain'],
    ['$A-${A}', 'aa-aa'],
    ['${UNSET}', ''],
    ['${UNSET:-d} ${EMPTY:-d} ${EMPTY-d} ${UNSET-d}', 'd d  d'],
    ['${A:+x}${EMPTY:+x}${EMPTY+y}${UNSET+z}', 'xy'],
    ['${A:?no}${EMPTY?no}', 'aa'],
    ['${UNSET:-${A}/${UNSET:-deep}}', 'aa/deep'],
    ['${UNSET:-{"a": {"b": 1}}}', '{"a": {"b": 1}}'],
    ['$$A $${A}', '$A ${A}'],
    ['5 $ and $1', '5 $ and $1'],
    ['$DOLLAR', '$A'],
  ])('%s means %s', (text, meaning) => {
    expect(value(text)).toBe(meaning)
  })

  test('a missing required variable is named, with the message interpolated', () => {
    expect(interpolate('x ${UNSET:?needs ${A}}', lookup)).toEqual({
      failure: { kind: 'required', name: 'UNSET', message: 'needs aa' },
    })
  })

  test.each(['${', '${}', '${1}', '${A', '${A b}', '${A:=x}', '${UNSET:-${}}'])('%s is refused', (text) => {
    expect(interpolate(text, lookup)).toHaveProperty('failure.kind', 'invalid-format')
  })

  test('a variable that is unset and has no default is told', () => {
    const unset: string[] = []
    interpolate('$UNSET ${OTHER} ${THIRD:-x} $A', lookup, (name) => unset.push(name))
    expect(unset).toEqual(['UNSET', 'OTHER'])
  })

  test('an escaped text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(interpolate(escapeDollars(text), lookup)).toEqual({ value: text })
      }),
    )
  })

  describe.skipIf(compose === '')('as the Compose binary', () => {
    const pieces = [
      '$',
      '$$',
      '{',
      '}',
      '${',
      'A',
      'EMPTY',
      'UNSET',
      'DOLLAR',
      ':-',
      '-',
      ':?',
      '?',
      ':+',
      '+',
      ' ',
      'é',
      '1',
      '_',
      '\n',
      '${A}',
      '${UNSET:-',
      '${EMPTY:+',
    ]
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''))
    const sample = [...new Set(fc.sample(texts, { numRuns: 900, seed: 1 }))]
    const fileWith = (all: readonly string[]) =>
      JSON.stringify({
        services: {
          web: { image: 'x', environment: Object.fromEntries(all.map((text, index) => [`V${index}`, text])) },
        },
      })

    test('what we accept means the same to Compose', () => {
      const accepted = sample.filter((text) => 'value' in interpolate(text, lookup))
      const answer = withFiles({ 'compose.yml': fileWith(accepted) }, (directory) =>
        composeConfig(directory, variables),
      )
      const meanings = environmentOf(answer, 'web')
      expect(accepted.length).toBeGreaterThan(100)
      expect(accepted.map((text) => [text, value(text)])).toEqual(
        accepted.map((text, index) => [text, meanings[`V${index}`]]),
      )
    })

    test('what we refuse Compose refuses', () => {
      const refused = sample.filter((text) => 'failure' in interpolate(text, lookup)).slice(0, 40)
      expect(refused.length).toBe(40)
      for (const text of refused) {
        const complaint = withFiles({ 'compose.yml': fileWith([text]) }, (directory) =>
          composeComplaint(directory, variables),
        )
        expect(complaint).toMatch(/invalid interpolation format|required variable/)
      }
    })
  })
})
