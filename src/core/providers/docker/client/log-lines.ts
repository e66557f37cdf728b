import type { Frame, OutputStream } from './frames.ts'
import type { LogLine } from './logs.ts'

/** A line may be longer than this; it then comes in several. Without a bound one endless line would take all memory. */
const LONGEST_LINE = 1024 * 1024

const [LINE_FEED, CARRIAGE_RETURN, SPACE] = [10, 13, 32]

interface Open {
  readonly timestamp: string
  readonly pieces: Buffer[]
  length: number
}

/**
 * Joins log entries, each `TIMESTAMP SP text`, to lines. The engine stores a line in pieces of 16 KiB: every piece is an
 * entry with a timestamp of its own, and only the last one ends with a newline. Lines that came together are given together.
 */
export async function* joinLines(entries: AsyncIterable<readonly Frame[]>): AsyncGenerator<readonly LogLine[]> {
  const open = new Map<OutputStream, Open>()
  for await (const together of entries) {
    const lines: LogLine[] = []
    for (const { stream, data } of together) {
      const start = data.indexOf(SPACE) + 1
      const isEnd = data.at(-1) === LINE_FEED
      const begun = open.get(stream)
      const timestamp = begun?.timestamp ?? data.toString('latin1', 0, start - 1)
      if (begun === undefined && isEnd) {
        lines.push({ stream, timestamp, line: textOf(data, start) })
        continue
      }
      const line = begun ?? { timestamp, pieces: [], length: 0 }
      line.pieces.push(data.subarray(start))
      line.length += data.length - start
      if (isEnd || line.length > LONGEST_LINE) {
        open.delete(stream)
        lines.push(finished(stream, line))
      } else {
        open.set(stream, line)
      }
    }
    if (lines.length > 0) yield lines
  }
  if (open.size > 0) yield [...open].map(([stream, line]) => finished(stream, line))
}

/** Decoded as a whole: a character may lie across two pieces. */
function finished(stream: OutputStream, { timestamp, pieces }: Open): LogLine {
  return { stream, timestamp, line: textOf(Buffer.concat(pieces), 0) }
}

/** Without the line ending. */
function textOf(bytes: Buffer, start: number): string {
  const ending = bytes.at(-1) !== LINE_FEED ? 0 : bytes.at(-2) === CARRIAGE_RETURN ? 2 : 1
  return bytes.toString('utf8', start, Math.max(start, bytes.length - ending))
}

/** Bytes of a timestamp and its space, and of the text that the engine puts into one entry. */
const STAMP = 31
const PIECE = 16 * 1024
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/

/** Cuts the raw log of a TTY, whose entries are not framed: at line ends, and in long lines where a next timestamp stands. */
export async function* terminalEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly Frame[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk])
    const entries: Frame[] = []
    for (let end = endOfEntry(rest); end > 0; end = endOfEntry(rest)) {
      entries.push({ stream: 'stdout', data: rest.subarray(0, end) })
      rest = rest.subarray(end)
    }
    if (entries.length > 0) yield entries
  }
  if (rest.length > 0) yield [{ stream: 'stdout', data: rest }]
}

/** Where the first entry ends; 0 when more has to come before that is known. */
function endOfEntry(bytes: Buffer): number {
  const lineEnd = bytes.indexOf(10) + 1
  const cut = STAMP + PIECE
  if (lineEnd > 0 && lineEnd <= cut) return lineEnd
  if (TIMESTAMP.test(bytes.toString('latin1', cut, cut + STAMP))) return cut
  return lineEnd > 0 || bytes.length <= LONGEST_LINE ? lineEnd : bytes.length
}
