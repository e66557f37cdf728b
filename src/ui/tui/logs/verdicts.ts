import { CHUNK_LINES, type Chunk } from './chunk.ts'
import type { Judge } from './criteria.ts'

export type Wanted = 'shown' | 'match'

const HIDDEN = 0
const SHOWN = 1
const MATCH = 2

/** What was found of the lines of one chunk, from its start on, with the counts. */
export class Verdicts {
  #of = new Uint8Array(0)
  #judged = 0
  /** Lines before this one went after they were counted. */
  #from = 0
  #shown = 0
  #matches = 0

  isDone(chunk: Chunk): boolean {
    return this.#judged >= chunk.count
  }

  judgedOf(chunk: Chunk): number {
    return Math.max(0, this.#judged - chunk.first)
  }

  /** Judges the lines that came since. */
  judge(chunk: Chunk, judge: Judge): void {
    if (this.#of.length < chunk.count) {
      const room = new Uint8Array(chunk.sealed ? chunk.count : CHUNK_LINES)
      room.set(this.#of)
      this.#of = room
    }
    if (this.#judged < chunk.first) {
      this.#judged = chunk.first
      this.#shown = 0
      this.#matches = 0
      this.#from = chunk.first
    }
    for (; this.#judged < chunk.count; this.#judged += 1) {
      const verdict = judge.verdict(chunk, this.#judged)
      if (verdict === 'hidden') continue
      this.#of[this.#judged] = verdict === 'match' ? MATCH : SHOWN
      this.#shown += 1
      if (verdict === 'match') this.#matches += 1
    }
  }

  /** How many of the lines before `end` are wanted. */
  count(chunk: Chunk, wanted: Wanted, end: number): number {
    for (; this.#from < Math.min(chunk.first, this.#judged); this.#from += 1) {
      if (this.#of[this.#from] !== HIDDEN) this.#shown -= 1
      if (this.#of[this.#from] === MATCH) this.#matches -= 1
    }
    if (end >= this.#judged) return wanted === 'match' ? this.#matches : this.#shown
    let count = 0
    for (let index = chunk.first; index < end; index += 1) if (this.#is(index, wanted)) count += 1
    return count
  }

  /** The first wanted one, from `index` on. */
  next(chunk: Chunk, index: number, wanted: Wanted): number | undefined {
    if (wanted === 'match' && this.#matches === 0) return undefined
    for (let at = Math.max(index, chunk.first); at < this.#judged; at += 1) if (this.#is(at, wanted)) return at
    return undefined
  }

  /** The last wanted one, from `index` back. */
  previous(chunk: Chunk, index: number, wanted: Wanted): number | undefined {
    if (wanted === 'match' && this.#matches === 0) return undefined
    for (let at = Math.min(index, this.#judged - 1); at >= chunk.first; at -= 1) if (this.#is(at, wanted)) return at
    return undefined
  }

  #is(index: number, wanted: Wanted): boolean {
    const verdict = this.#of[index] ?? HIDDEN
    return wanted === 'match' ? verdict === MATCH : verdict !== HIDDEN
  }
}
