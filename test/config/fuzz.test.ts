import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeConfig } from '../../src/core/config/document.ts'
import { newConfigText, parseConfig, validateConfig } from '../../src/core/config/index.ts'
import { DdalabError } from '../../src/core/errors.ts'
import { anyConfig, problemsOf, readOrRefuse, SEED, YAML_PIECES } from './support.ts'

const FRAGMENTS = [
  ...YAML_PIECES,
  ...['version: 3.0.0\n', 'version: ', 'api:', 'port: 1', 'database: ', 'docker:\n'],
  ...['*b', '!!binary x', '!x ', '"', "'", '>-\n', '#', '%YAML 1.1\n'],
  ...['0x1f', '1e999', '.inf', '.nan', '<<: ', '__proto__: ', 'constructor: ', '\\', '\\u0000', '世', '\u2028'],
]

/** The promise about every text: a config, or an error that says where and what to do; never a crash, never a bug's code. */
function holds(text: string | Uint8Array): void {
  const outcome = readOrRefuse(() =>
    parseConfig(typeof text === 'string' ? text : decodeConfig(text, 'fuzz.yml'), 'fuzz.yml'),
  )
  if (!(outcome instanceof DdalabError)) {
    expect(outcome.document.config.version).toBe('3.0.0')
    return
  }
  expect(['CONFIG_INVALID', 'CONFIG_UNREADABLE', 'CONFIG_TOO_NEW']).toContain(outcome.code)
  for (const { place, hint, message } of problemsOf(outcome)) {
    expect(place?.file).toBe('fuzz.yml')
    expect(hint).toBeTruthy()
    expect(message).toBeTruthy()
  }
}

describe('whatever the file holds, reading gives a config or an error with place and remedy', () => {
  it('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), holds), { numRuns: 500 })
  })

  it('random text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds), { numRuns: 500 })
  })

  it('random pieces of YAML', () => {
    const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, holds), { numRuns: 3000 })
  })

  it('a good config with a piece replaced by something else', () => {
    const edit = fc.tuple(fc.nat(SEED.length), fc.nat(20), fc.constantFrom(...FRAGMENTS))
    fc.assert(
      fc.property(edit, ([start, length, piece]) => holds(SEED.slice(0, start) + piece + SEED.slice(start + length))),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['open brackets', '['.repeat(120_000)],
    ['nested lists', `version: 3.0.0\nprofiles: ${'['.repeat(1000)}${']'.repeat(1000)}`],
    ['nested sections', Array.from({ length: 1300 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
    ['nested dashes', '- '.repeat(120_000)],
    ['explicit keys', '? '.repeat(120_000)],
    ['many keys', Array.from({ length: 40_000 }, (_, index) => `k${index}: 1\n`).join('')],
    ['many equal keys', 'k: 1\n'.repeat(80_000)],
    [
      'many parameters',
      `version: 3.0.0\nparameters:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: 1\n`).join('')}`,
    ],
    [
      'many wrong parameters',
      `version: 3.0.0\nparameters:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: []\n`).join('')}`,
    ],
    ['many values', `[${'1,'.repeat(120_000)}]`],
    ['many aliases', `a: &a 1\nb: [${'*a,'.repeat(120_000)}]`],
    [
      'an alias bomb',
      `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i}]\n`).join('')}`,
    ],
    ['an alias into itself', 'version: 3.0.0\nparameters: &p\n  A: *p\n'],
    ['many anchors', '&a '.repeat(120_000)],
    ['many documents', '---\n'.repeat(100_000)],
    ['many errors', `{${','.repeat(120_000)}}`],
    ['closing brackets', ']'.repeat(100_000)],
    ['a long host', `version: 3.0.0\napi: {host: ${'a.'.repeat(100_000)}}`],
    ['a long host of dashes', `version: 3.0.0\napi: {host: ${'a-'.repeat(100_000)}}`],
    ['a long image', `version: 3.0.0\ndocker: {image: ${'a__b'.repeat(100_000)}!}`],
    ['a long image of parts', `version: 3.0.0\ndocker: {image: "${'a/'.repeat(100_000)}"}`],
    ['a long address', `version: 3.0.0\nssl: {letsEncrypt: {email: "${'a@a.'.repeat(100_000)}"}}`],
  ])('%s', (_, text) => holds(text))
})

describe('a config that we write', () => {
  it('is read as what it was, whatever characters its values hold', () => {
    fc.assert(
      fc.property(anyConfig(), (config) => {
        const outcome = readOrRefuse(() => parseConfig(newConfigText(config), 'new.yml'))
        if (outcome instanceof DdalabError) {
          const { errors } = validateConfig(config, () => ({ file: 'new.yml' }))
          expect(
            problemsOf(outcome)
              .map((problem) => problem.message)
              .toSorted(),
          ).toEqual(errors.map((problem) => problem.message).toSorted())
        } else {
          expect(outcome.document.config).toEqual(config)
          expect(outcome.sourceVersion).toBe('3.0.0')
        }
      }),
      { numRuns: 500 },
    )
  })
})
