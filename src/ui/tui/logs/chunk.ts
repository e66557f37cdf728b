import { LEVELS, type Level } from './level.ts'

/** Whose line it is. */
export interface Source {
  readonly service: string
  readonly container: string
}

/** A line as it comes: its text on one line, its time in ms since 1970 with decimals. */
export interface LogEntry {
  readonly source: Source
  readonly stream: 'stdout' | 'stderr'
  readonly time: number
  readonly level: Level | undefined
  readonly text: string
}

/** What names a line as long as it is kept, and its place in time when it no longer is. */
export interface LineKey {
  readonly time: number
  /** In the order in which lines came, from 1 on; never used twice. */
  readonly number: number
}

export interface Line extends LogEntry, LineKey {}

export const CHUNK_LINES = 512
export const CHUNK_BYTES = 64 * 1024
/** Bytes a line takes beside its text. */
export const LINE_BYTES = 24

export function compareKeys(a: LineKey, b: LineKey): number {
  return a.time - b.time || a.number - b.number
}

/** Where a chunk packs its lines. */
interface Room {
  readonly text: Buffer<ArrayBuffer>
  readonly times: Float64Array<ArrayBuffer>
  readonly numbers: Float64Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
  readonly facts: Uint8Array<ArrayBuffer>
}

/** Room for so many lines and bytes of text; that of a chunk that was sealed can be given to the next. */
export function roomFor(lines: number, bytes: number): Room {
  return {
    text: Buffer.allocUnsafeSlow(bytes),
    times: new Float64Array(lines),
    numbers: new Float64Array(lines),
    ends: new Uint32Array(lines),
    facts: new Uint8Array(lines),
  }
}

/**
 * Lines in order of time, packed: one block of UTF-8 outside the heap and a column for each fact, so that a hundred
 * thousand lines are a few hundred objects. A line is addressed by its index; those before `first` are gone.
 */
export class Chunk {
  first = 0
  count = 0
  sealed = false
  #room: Room
  readonly #sources: Source[] = []

  constructor(room: Room) {
    this.#room = room
  }

  /** Adds a line at the end; false when it is full. `size` is that of the text in bytes. */
  add(line: Line, size: number): boolean {
    const start = this.textEnd
    if (this.count >= this.#room.times.length || start + size > this.#room.text.length) return false
    this.#room.text.write(line.text, start, 'utf8')
    this.#room.times[this.count] = line.time
    this.#room.numbers[this.count] = line.number
    this.#room.ends[this.count] = start + size
    this.#room.facts[this.count] =
      (line.stream === 'stderr' ? 1 : 0) | ((line.level === undefined ? 0 : LEVELS.indexOf(line.level) + 1) << 1)
    this.#sources.push(line.source)
    this.count += 1
    return true
  }

  /** No line comes any more: what there is moves to room of its own, just large enough. */
  seal(): void {
    const { text, times, numbers, ends, facts } = this.#room
    const exact = Buffer.allocUnsafeSlow(this.textEnd)
    text.copy(exact, 0, 0, this.textEnd)
    this.#room = {
      text: exact,
      times: times.slice(0, this.count),
      numbers: numbers.slice(0, this.count),
      ends: ends.slice(0, this.count),
      facts: facts.slice(0, this.count),
    }
    this.sealed = true
  }

  /** Gives the memory back at once: it lies outside the heap, where the collector does not see how much of it is waste. */
  release(): void {
    if (!this.sealed) return
    for (const { buffer } of Object.values(this.#room)) buffer.transfer(0)
    this.first = this.count
  }

  /** Lines that are still there. */
  get length(): number {
    return this.count - this.first
  }

  get textEnd(): number {
    return this.#end(this.count - 1)
  }

  #end(index: number): number {
    return index < 0 ? 0 : (this.#room.ends[index] ?? 0)
  }

  /** Bytes the line counts with, text and facts. */
  sizeOf(index: number): number {
    return this.#end(index) - this.#end(index - 1) + LINE_BYTES
  }

  time(index: number): number {
    return this.#room.times[index] ?? Number.NaN
  }

  number(index: number): number {
    return this.#room.numbers[index] ?? Number.NaN
  }

  text(index: number): string {
    return this.#room.text.toString('utf8', this.#end(index - 1), this.#end(index))
  }

  level(index: number): Level | undefined {
    return LEVELS[((this.#room.facts[index] ?? 0) >> 1) - 1]
  }

  source(index: number): Source {
    return this.#sources[index] ?? NOBODY
  }

  line(index: number): Line {
    return {
      number: this.number(index),
      time: this.time(index),
      source: this.source(index),
      stream: ((this.#room.facts[index] ?? 0) & 1) === 1 ? 'stderr' : 'stdout',
      level: this.level(index),
      text: this.text(index),
    }
  }

  /** Index of the first line that is not before the key; `count` when all are. */
  seek(key: LineKey): number {
    let low = this.first
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      const order = this.time(middle) - key.time || this.number(middle) - key.number
      if (order < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  *lines(): Generator<Line> {
    for (let index = this.first; index < this.count; index += 1) yield this.line(index)
  }
}

const NOBODY: Source = { service: '', container: '' }

/** Packs lines into as few chunks as hold them, of about the same size each, so that there is room for what comes between. */
export function pack(lines: readonly Line[]): readonly Chunk[] {
  const sizes = lines.map(({ text }) => Buffer.byteLength(text))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const pieces = Math.max(Math.ceil(lines.length / CHUNK_LINES), Math.ceil(total / CHUNK_BYTES))
  const mostLines = Math.ceil(lines.length / pieces)
  const mostBytes = Math.ceil(total / pieces)
  const chunks: Chunk[] = []
  for (let from = 0; from < lines.length; ) {
    let to = from
    let bytes = 0
    do {
      bytes += sizes[to] ?? 0
      to += 1
    } while (to < lines.length && to - from < mostLines && bytes + (sizes[to] ?? 0) <= mostBytes)
    const chunk = new Chunk(roomFor(to - from, bytes))
    for (; from < to; from += 1) {
      const line = lines[from]
      if (line !== undefined) chunk.add(line, sizes[from] ?? 0)
    }
    chunk.sealed = true
    chunks.push(chunk)
  }
  return chunks
}
