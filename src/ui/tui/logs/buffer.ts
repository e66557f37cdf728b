import {
  CHUNK_BYTES,
  CHUNK_LINES,
  Chunk,
  compareKeys,
  type Line,
  type LineKey,
  type LogEntry,
  pack,
  roomFor,
} from './chunk.ts'

export interface HistoryLimits {
  readonly lines: number
  /** Of texts in UTF-8 and what is kept of each line beside. */
  readonly bytes: number
}

export const HISTORY: HistoryLimits = { lines: 100_000, bytes: 100_000_000 }

/** A place in the history: valid until it changes. `chunk` may be one past the last. */
export interface Place {
  readonly chunk: number
  readonly index: number
}

/**
 * The history of logs: lines in order of time, of equal times in the order in which they came. Above a limit the
 * oldest go. Lines that come late are put where they belong.
 */
export class LogBuffer {
  readonly #limits: HistoryLimits
  readonly #chunks: Chunk[] = []
  /** Of the last chunk, as long as lines come to it: one for all, so that the memory of the process stays small. */
  readonly #room = roomFor(CHUNK_LINES, CHUNK_BYTES)
  #newest = Number.NEGATIVE_INFINITY
  #length = 0
  #bytes = 0
  #appended = 0
  #droppedBytes = 0
  #changes = 0

  constructor(limits: HistoryLimits = HISTORY) {
    this.#limits = limits
  }

  /** Takes lines in. One whose time is no number counts as of now: the newest time known. */
  append(entries: readonly LogEntry[]): void {
    const late: Line[] = []
    for (const { source, stream, time: at, level, text } of entries) {
      this.#appended += 1
      const time = Number.isFinite(at) ? at : Math.max(0, this.#newest)
      const line = { source, stream, time, level, text, number: this.#appended }
      if (time >= this.#newest) this.#push(line)
      else late.push(line)
    }
    if (late.length > 0) this.#insert(late.sort(compareKeys))
    this.#dropOldest()
    this.#changes += 1
  }

  /** Forgets all lines; numbers go on. */
  clear(): void {
    this.#droppedBytes += this.#bytes
    for (const chunk of this.#chunks.splice(0)) chunk.release()
    this.#newest = Number.NEGATIVE_INFINITY
    this.#length = 0
    this.#bytes = 0
    this.#changes += 1
  }

  /** Lines that are kept. */
  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Lines that ever came. */
  get appended(): number {
    return this.#appended
  }

  /** What had to go. */
  get dropped(): { readonly lines: number; readonly bytes: number } {
    return { lines: this.#appended - this.#length, bytes: this.#droppedBytes }
  }

  /** Grows with every change: who has seen this number has seen all. */
  get version(): number {
    return this.#changes
  }

  /** In order of time. A chunk whose content changed, but for lines at its end or gone from its start, is another object. */
  get chunks(): readonly Chunk[] {
    return this.#chunks
  }

  /** Place of the first line that is not before the key. */
  seek(key: LineKey): Place {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      const chunk = this.#chunks[middle]
      if (chunk !== undefined && chunk.seek(key) === chunk.count) low = middle + 1
      else high = middle
    }
    return { chunk: low, index: this.#chunks[low]?.seek(key) ?? 0 }
  }

  /** The line with this key; undefined when it is gone. */
  get(key: LineKey): Line | undefined {
    const place = this.seek(key)
    const chunk = this.#chunks[place.chunk]
    return chunk !== undefined && chunk.number(place.index) === key.number ? chunk.line(place.index) : undefined
  }

  *lines(): Generator<Line> {
    for (const chunk of this.#chunks) yield* chunk.lines()
  }

  #push(line: Line): void {
    const size = Buffer.byteLength(line.text)
    const last = this.#chunks.at(-1)
    if (last === undefined || last.sealed || !last.add(line, size)) {
      last?.seal()
      const chunk = new Chunk(size > CHUNK_BYTES ? roomFor(1, size) : this.#room)
      chunk.add(line, size)
      this.#chunks.push(chunk)
      this.#count(chunk, 0)
    } else {
      this.#count(last, last.count - 1)
    }
    this.#newest = line.time
  }

  #count(chunk: Chunk, index: number): void {
    this.#length += 1
    this.#bytes += chunk.sizeOf(index)
  }

  /** Packs the chunks into which late lines fall anew; a small neighbour is taken in, so that chunks do not crumble. */
  #insert(late: readonly Line[]): void {
    for (let done = 0; done < late.length; ) {
      const first = late[done]
      if (first === undefined) return
      const at = this.seek(first).chunk
      const chunk = this.#chunks[at]
      if (chunk === undefined) {
        // What was newest is gone, being too large for the limits.
        this.#push(first)
        done += 1
        continue
      }
      const end = { time: chunk.time(chunk.count - 1), number: chunk.number(chunk.count - 1) }
      let next = done + 1
      for (let line = late[next]; line !== undefined && compareKeys(line, end) < 0; line = late[next]) next += 1
      const group = late.slice(done, next)

      const before = this.#chunks[at - 1]
      const joined = before !== undefined && before.length + chunk.length + group.length <= CHUNK_LINES / 2
      const replaced = joined ? [before, chunk] : [chunk]
      const lines = [...replaced.flatMap((one) => [...one.lines()]), ...group].sort(compareKeys)
      const old = replaced.reduce((sum, one) => sum + sizeOf(one), 0)
      const packed = pack(lines)
      for (const one of this.#chunks.splice(joined ? at - 1 : at, replaced.length, ...packed)) one.release()
      this.#length += group.length
      this.#bytes += packed.reduce((sum, one) => sum + sizeOf(one), 0) - old
      done = next
    }
  }

  #dropOldest(): void {
    let whole = 0
    while (this.#length > this.#limits.lines || this.#bytes > this.#limits.bytes) {
      const chunk = this.#chunks[whole]
      if (chunk === undefined) break
      const size = chunk.sizeOf(chunk.first)
      chunk.first += 1
      this.#length -= 1
      this.#bytes -= size
      this.#droppedBytes += size
      if (chunk.length === 0) whole += 1
    }
    for (const chunk of this.#chunks.splice(0, whole)) chunk.release()
  }
}

function sizeOf(chunk: Chunk): number {
  let size = 0
  for (let index = chunk.first; index < chunk.count; index += 1) size += chunk.sizeOf(index)
  return size
}
