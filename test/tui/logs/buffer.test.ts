import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LogBuffer } from '../../../src/ui/tui/logs/buffer.ts'
import { CHUNK_BYTES, LINE_BYTES, type Line, type LogEntry } from '../../../src/ui/tui/logs/chunk.ts'
import { LEVELS } from '../../../src/ui/tui/logs/level.ts'
import { entry } from './support.ts'

/** The history as one would write it without a thought for speed. */
class NaiveBuffer {
  lines: Line[] = []
  appended = 0
  readonly #limits: { lines: number; bytes: number }

  constructor(limits: { lines: number; bytes: number }) {
    this.#limits = limits
  }

  append(entries: readonly LogEntry[]): void {
    for (const one of entries) {
      this.appended += 1
      this.lines.push({ ...one, number: this.appended })
    }
    this.lines.sort((a, b) => a.time - b.time || a.number - b.number)
    while (this.lines.length > this.#limits.lines || this.bytes > this.#limits.bytes) this.lines.shift()
  }

  get bytes(): number {
    return this.lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + LINE_BYTES, 0)
  }
}

const source = fc.constantFrom({ service: 'api', container: 'api-1' }, { service: 'web', container: 'web-2' })
const anyEntry: fc.Arbitrary<LogEntry> = fc.record({
  source,
  stream: fc.constantFrom('stdout', 'stderr'),
  time: fc.integer({ min: 0, max: 40 }),
  level: fc.constantFrom(undefined, ...LEVELS),
  text: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.nat(3_000).map((length) => 'ä'.repeat(length)),
    fc.constant('x'.repeat(CHUNK_BYTES + 1)),
  ),
})
const limits = fc.record({ lines: fc.integer({ min: 1, max: 60 }), bytes: fc.integer({ min: 100, max: 200_000 }) })

describe('the history of logs', () => {
  test('holds, for any lines in any order, what a plain sorted list would hold', () => {
    fc.assert(
      fc.property(limits, fc.array(fc.array(anyEntry, { maxLength: 12 }), { maxLength: 12 }), (most, batches) => {
        const buffer = new LogBuffer(most)
        const naive = new NaiveBuffer(most)
        for (const batch of batches) {
          buffer.append(batch)
          naive.append(batch)
          expect([...buffer.lines()]).toEqual(naive.lines)
          expect(buffer.length).toBe(naive.lines.length)
          expect(buffer.bytes).toBe(naive.bytes)
          expect(buffer.dropped.lines).toBe(naive.appended - naive.lines.length)
        }
        for (const line of naive.lines) expect(buffer.get(line)).toEqual(line)
      }),
      { numRuns: 300 },
    )
  })

  test('many short lines, in order and late, are many chunks and stay in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1_500, maxLength: 3_000 }), (times) => {
        const most = { lines: 2_000, bytes: 1_000_000 }
        const buffer = new LogBuffer(most)
        const naive = new NaiveBuffer(most)
        for (let from = 0; from < times.length; from += 250) {
          const batch = times.slice(from, from + 250).map((time, index) => entry(`line ${from + index}`, from + time))
          buffer.append(batch)
          naive.append(batch)
        }
        expect([...buffer.lines()]).toEqual(naive.lines)
        expect(buffer.chunks.length).toBeLessThan(40)
      }),
      { numRuns: 20 },
    )
  })

  test('a line keeps its number when earlier lines come late and when the oldest go', () => {
    const buffer = new LogBuffer({ lines: 3, bytes: 10_000 })
    buffer.append([entry('first', 10), entry('third', 30)])
    const third = [...buffer.lines()].at(-1)
    buffer.append([entry('second', 20)])
    buffer.append([entry('fourth', 40)])
    expect([...buffer.lines()].map(({ text, number }) => [text, number])).toEqual([
      ['second', 3],
      ['third', 2],
      ['fourth', 4],
    ])
    expect(third && buffer.get(third)?.text).toBe('third')
    expect(buffer.dropped).toEqual({ lines: 1, bytes: 5 + LINE_BYTES })
  })

  test('a trickle of late lines does not crumble the history into small chunks', () => {
    const buffer = new LogBuffer()
    for (let at = 0; at < 4_000; at += 1) buffer.append([entry('b', at * 2 + 3), entry('a', at * 2)])
    expect(buffer.length).toBe(8_000)
    expect(buffer.chunks.length).toBeLessThan(8_000 / 100)
  })

  test('a line larger than all there is room for is counted as gone, and the next one stays', () => {
    const buffer = new LogBuffer({ lines: 10, bytes: 1_000 })
    buffer.append([entry('small', 1), entry('x'.repeat(2_000), 2)])
    expect(buffer.length).toBe(0)
    buffer.append([entry('late', 1)])
    expect([...buffer.lines()].map(({ text }) => text)).toEqual(['late'])
    expect(buffer.dropped.lines).toBe(2)
  })

  test('a time that is none counts as now', () => {
    const buffer = new LogBuffer()
    buffer.append([entry('a', 5), entry('b', Number.NaN), entry('c', 6)])
    expect([...buffer.lines()].map(({ text, time }) => [text, time])).toEqual([
      ['a', 5],
      ['b', 5],
      ['c', 6],
    ])
  })

  test('after it was cleared, it takes lines of any time, and numbers go on', () => {
    const buffer = new LogBuffer()
    buffer.append([entry('a', 50)])
    buffer.clear()
    buffer.append([entry('b', 10)])
    expect([...buffer.lines()].map(({ text, number }) => [text, number])).toEqual([['b', 2]])
    expect(buffer.dropped.lines).toBe(1)
  })
})
