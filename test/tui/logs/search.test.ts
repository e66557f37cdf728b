import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LogBuffer } from '../../../src/ui/tui/logs/buffer.ts'
import { type Criteria, EVERYTHING, judgeOf } from '../../../src/ui/tui/logs/criteria.ts'
import { compile, type QueryMode } from '../../../src/ui/tui/logs/query.ts'
import { LogSearch } from '../../../src/ui/tui/logs/search.ts'
import { entry } from './support.ts'

const query = (text: string, mode: QueryMode = 'plain', inverse = false) => ({ text, mode, inverse })
const searching = (text: string, mode: QueryMode = 'plain'): Criteria => ({ ...EVERYTHING, search: query(text, mode) })
const always = () => true

function tests(text: string, mode: QueryMode, line: string): boolean | string {
  const compiled = compile(query(text, mode))
  if (compiled.kind === 'invalid') return compiled.why
  return compiled.kind === 'everything' || compiled.matcher.test(line)
}

describe('a query', () => {
  test.each([
    ['err', 'plain', 'an ERROR', true],
    ['Err', 'plain', 'an ERROR', false],
    ['a.b', 'plain', 'axb', false],
    ['a.b', 'regex', 'axb', true],
    ['\\S+', 'regex', 'ABC', true],
    ['^get .* 5\\d\\d$', 'regex', 'GET /jobs 503', true],
    ['(', 'regex', 'x', 'Unterminated group'],
    ['tmout', 'fuzzy', 'minio timeout', true],
    ['mini tmo', 'fuzzy', 'minio timeout, retry', true],
    ['xyz', 'fuzzy', 'x and much later y and then z', false],
    ['日本', 'plain', 'こんにちは日本', true],
  ] as const)('%s (%s) in %s', (text, mode, line, expected) => {
    expect(tests(text, mode, line)).toBe(expected)
  })

  test('tells where it matches', () => {
    const compiled = compile(query('er'))
    expect(compiled.kind === 'matcher' && compiled.matcher.spans('Error in server')).toEqual([
      { start: 0, end: 2 },
      { start: 10, end: 12 },
      { start: 13, end: 15 },
    ])
    const empty = compile(query('x*', 'regex'))
    expect(empty.kind === 'matcher' && empty.matcher.spans('axxb')).toEqual([{ start: 1, end: 3 }])
    const fuzzy = compile(query('tmo', 'fuzzy'))
    expect(fuzzy.kind === 'matcher' && fuzzy.matcher.spans('a timeout')).toEqual([{ start: 2, end: 7 }])
  })
})

describe('search and filter', () => {
  test('agree with judging every line at once, whatever came, went and was asked before', () => {
    const word = fc.constantFrom('alpha', 'beta', 'gamma', 'al', 'ta')
    const line = fc.record({ text: word, time: fc.nat(50), service: fc.constantFrom('api', 'web') })
    const criteria = fc.record({
      services: fc.constantFrom<readonly string[]>([], ['api'], ['web', 'api']),
      since: fc.constantFrom(undefined, 10),
      until: fc.constantFrom(undefined, 40),
      level: fc.constant(undefined),
      filter: fc.record({
        text: fc.oneof(fc.constant(''), word),
        mode: fc.constantFrom('plain', 'regex', 'fuzzy'),
        inverse: fc.boolean(),
      }),
      search: fc.record({
        text: fc.oneof(fc.constant(''), word),
        mode: fc.constantFrom('plain', 'regex', 'fuzzy'),
        inverse: fc.boolean(),
      }),
    })
    const step = fc.oneof(
      fc.array(line, { maxLength: 300 }).map((lines) => ({ kind: 'append', lines }) as const),
      criteria.map((asked) => ({ kind: 'use', asked }) as const),
      fc.constant({ kind: 'slice' } as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const buffer = new LogBuffer({ lines: 700, bytes: 1_000_000 })
        const search = new LogSearch(buffer)
        for (const one of steps) {
          if (one.kind === 'append')
            buffer.append(one.lines.map(({ text, time, service }) => entry(text, time, service)))
          if (one.kind === 'use') search.use(one.asked)
          if (one.kind === 'slice') search.advance(() => false)
        }
        while (!search.advance(always));
        const judge = judgeOf(search.criteria)
        const verdicts = buffer.chunks.flatMap((chunk) =>
          [...chunk.lines()].map((found, at) => ({ ...found, verdict: judge.verdict(chunk, chunk.first + at) })),
        )
        for (const wanted of ['shown', 'match'] as const) {
          const right = verdicts.filter(
            ({ verdict }) => verdict === 'match' || (wanted === 'shown' && verdict === 'shown'),
          )
          expect(search.count(wanted)).toBe(right.length)
          const walked: number[] = []
          for (let at = search.from(undefined, wanted); at !== undefined; at = search.after(at, wanted)) {
            expect(search.count(wanted, at)).toBe(walked.length)
            walked.push(at.number)
          }
          const back: number[] = []
          for (let at = search.upTo(undefined, wanted); at !== undefined; at = search.before(at, wanted))
            back.push(at.number)
          expect(walked).toEqual(right.map(({ number }) => number))
          expect(back.reverse()).toEqual(walked)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a change of the question is judged in slices, from where one looks outward', () => {
    const buffer = new LogBuffer()
    buffer.append(Array.from({ length: 5_000 }, (_, at) => entry(`line ${at}`, at)))
    const search = new LogSearch(buffer)
    search.use(searching('line'))
    expect(search.advance(() => false, { time: 2_500, number: 2_501 })).toBe(false)
    expect(search.progress.judged).toBeLessThanOrEqual(512)
    expect(search.from({ time: 2_500, number: 2_501 }, 'match')?.text).toBe('line 2500')
    while (!search.advance(() => false));
    expect(search.progress).toEqual({ judged: 5_000, of: 5_000 })
    expect(search.count('match')).toBe(5_000)
  })

  test('a line that was judged is not judged again when others come', () => {
    const buffer = new LogBuffer()
    const search = new LogSearch(buffer)
    let version = search.version
    for (let at = 0; at < 3; at += 1) {
      buffer.append([entry('x', at)])
      search.advance(always)
      expect(search.version).toBe(version + 1)
      version = search.version
      search.advance(always)
      expect(search.version).toBe(version)
    }
  })

  test.each(['(a+)+$', 'a*a*a*a*a*a*a*b', '(a|aa)+$'])('the pattern %s is given up, and says so', (pattern) => {
    const buffer = new LogBuffer()
    buffer.append([entry(`${'a'.repeat(5_000)}!`, 1), entry('b', 2)])
    const search = new LogSearch(buffer)
    search.use(searching(pattern, 'regex'))
    while (!search.advance(always));
    expect(search.complaints.search).toMatch(/too long/)
    expect(search.count('shown')).toBe(2)
    expect(search.count('match')).toBe(0)
    search.use(searching('b$', 'regex'))
    while (!search.advance(always));
    expect(search.complaints.search).toBeUndefined()
    expect(search.count('match')).toBe(1)
  })

  test('a pattern that is not finished hides nothing', () => {
    const buffer = new LogBuffer()
    buffer.append([entry('a', 1), entry('b', 2)])
    const search = new LogSearch(buffer)
    search.use({ ...EVERYTHING, filter: query('(', 'regex') })
    search.advance(always)
    expect(search.count('shown')).toBe(2)
    expect(search.complaints.filter).toBe('Unterminated group')
  })
})
