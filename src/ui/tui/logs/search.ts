import type { LogBuffer, Place } from './buffer.ts'
import type { Chunk, Line, LineKey } from './chunk.ts'
import { type Criteria, EVERYTHING, type Judge, judgeOf, NO_QUERY } from './criteria.ts'
import { endsWithin } from './guard.ts'
import type { Span } from './query.ts'
import { Verdicts, type Wanted } from './verdicts.ts'

/** ms after which a pattern that does not come to an end is given up. */
const PATTERN_LIMIT = 100

/** What the screen reads: the shown lines, as far as they are judged. */
export interface ShownLines {
  /** The first line that is shown (or matches), at or after the key; from the start without one. */
  from(key: LineKey | undefined, wanted?: Wanted): Line | undefined
  /** The last one at or before the key; from the end without one. */
  upTo(key: LineKey | undefined, wanted?: Wanted): Line | undefined
  after(key: LineKey, wanted?: Wanted): Line | undefined
  before(key: LineKey, wanted?: Wanted): Line | undefined
  /** How many there are before the key; all without one. */
  count(wanted: Wanted, before?: LineKey): number
  /** For each text where the search matches. */
  spans(texts: readonly string[]): readonly (readonly Span[])[]
}

export interface Progress {
  /** Lines that are judged, of those that are kept. */
  readonly judged: number
  readonly of: number
}

/**
 * Knows of every line of a history whether it is shown and whether it matches. Every line is judged once for the same criteria;
 * after a change of them, slice by slice, from where one looks outward.
 */
export class LogSearch implements ShownLines {
  readonly #buffer: LogBuffer
  #criteria = EVERYTHING
  #judge: Judge = judgeOf(EVERYTHING)
  #verdicts = new WeakMap<Chunk, Verdicts>()
  #tooSlow = false
  #changes = 0

  constructor(buffer: LogBuffer) {
    this.#buffer = buffer
  }

  get criteria(): Criteria {
    return this.#criteria
  }

  /** Grows when something was judged or is to be judged anew. */
  get version(): number {
    return this.#changes
  }

  /** What is wrong with the queries, in words. */
  get complaints(): Judge['complaints'] {
    if (!this.#tooSlow) return this.#judge.complaints
    const why = 'takes too long on these lines, make the pattern simpler'
    const { filter, search } = this.#criteria
    return {
      filter: filter.mode === 'regex' && filter.text !== '' ? why : undefined,
      search: search.mode === 'regex' && search.text !== '' ? why : undefined,
    }
  }

  /** Judges by other criteria from now on. What was judged by the old ones counts no more. */
  use(criteria: Criteria): void {
    if (criteria === this.#criteria) return
    this.#criteria = criteria
    this.#judge = judgeOf(criteria)
    this.#tooSlow = false
    this.#forget()
  }

  get progress(): Progress {
    let judged = 0
    for (const chunk of this.#buffer.chunks) judged += this.#verdicts.get(chunk)?.judgedOf(chunk) ?? 0
    return { judged, of: this.#buffer.length }
  }

  /**
   * Judges what is not yet judged, for as long as `mayGoOn` says, but one chunk at least; first where `near` is (the end without
   * it). True when everything is judged. A pattern that does not end is given up: then a complaint says so.
   */
  advance(mayGoOn: () => boolean, near?: LineKey): boolean {
    let finished = false
    this.#run(() => {
      finished = this.#judgeChunks(mayGoOn, near)
    })
    return finished
  }

  /** Gives the patterns up when the work with them does not end. */
  #run(work: () => void): void {
    if (!this.#judge.unbounded) {
      work()
      return
    }
    if (endsWithin(PATTERN_LIMIT, work)) return
    const { filter, search } = this.#criteria
    this.#judge = judgeOf({
      ...this.#criteria,
      filter: filter.mode === 'regex' ? NO_QUERY : filter,
      search: search.mode === 'regex' ? NO_QUERY : search,
    })
    this.#tooSlow = true
    this.#forget()
  }

  #forget(): void {
    this.#verdicts = new WeakMap()
    this.#changes += 1
  }

  #judgeChunks(mayGoOn: () => boolean, near: LineKey | undefined): boolean {
    const { chunks } = this.#buffer
    const middle = near === undefined ? chunks.length - 1 : Math.min(this.#buffer.seek(near).chunk, chunks.length - 1)
    let judgedOne = false
    for (let distance = 0; distance < chunks.length; distance += 1) {
      for (const at of distance === 0 ? [middle] : [middle - distance, middle + distance]) {
        const chunk = chunks[at]
        if (chunk === undefined || this.#verdictsOf(chunk).isDone(chunk)) continue
        if (judgedOne && !mayGoOn()) return false
        this.#verdictsOf(chunk).judge(chunk, this.#judge)
        this.#changes += 1
        judgedOne = true
      }
    }
    return true
  }

  #verdictsOf(chunk: Chunk): Verdicts {
    const known = this.#verdicts.get(chunk)
    if (known !== undefined) return known
    const fresh = new Verdicts()
    this.#verdicts.set(chunk, fresh)
    return fresh
  }

  from(key: LineKey | undefined, wanted: Wanted = 'shown'): Line | undefined {
    return this.#forward(key === undefined ? { chunk: 0, index: 0 } : this.#buffer.seek(key), wanted)
  }

  upTo(key: LineKey | undefined, wanted: Wanted = 'shown'): Line | undefined {
    const { chunks } = this.#buffer
    if (key === undefined) return this.#backward({ chunk: chunks.length, index: 0 }, wanted)
    return this.before({ time: key.time, number: key.number + 1 }, wanted)
  }

  after(key: LineKey, wanted: Wanted = 'shown'): Line | undefined {
    return this.from({ time: key.time, number: key.number + 1 }, wanted)
  }

  before(key: LineKey, wanted: Wanted = 'shown'): Line | undefined {
    return this.#backward(this.#buffer.seek(key), wanted)
  }

  count(wanted: Wanted, before?: LineKey): number {
    const { chunks } = this.#buffer
    const end = before === undefined ? { chunk: chunks.length, index: 0 } : this.#buffer.seek(before)
    let count = 0
    for (const [at, chunk] of chunks.entries()) {
      if (at > end.chunk) break
      count += this.#verdicts.get(chunk)?.count(chunk, wanted, at === end.chunk ? end.index : chunk.count) ?? 0
    }
    return count
  }

  spans(texts: readonly string[]): readonly (readonly Span[])[] {
    const judge = this.#judge
    const spans: (readonly Span[])[] = []
    this.#run(() => {
      for (const text of texts) spans.push(judge.spans(text))
    })
    return spans
  }

  #forward({ chunk: first, index }: Place, wanted: Wanted): Line | undefined {
    const { chunks } = this.#buffer
    for (let at = first; at < chunks.length; at += 1) {
      const chunk = chunks[at]
      if (chunk === undefined) return undefined
      const found = this.#verdicts.get(chunk)?.next(chunk, at === first ? index : 0, wanted)
      if (found !== undefined) return chunk.line(found)
    }
    return undefined
  }

  /** The last one before the place. */
  #backward({ chunk: last, index }: Place, wanted: Wanted): Line | undefined {
    const { chunks } = this.#buffer
    for (let at = Math.min(last, chunks.length - 1); at >= 0; at -= 1) {
      const chunk = chunks[at]
      if (chunk === undefined) return undefined
      const found = this.#verdicts.get(chunk)?.previous(chunk, (at === last ? index : chunk.count) - 1, wanted)
      if (found !== undefined) return chunk.line(found)
    }
    return undefined
  }
}
