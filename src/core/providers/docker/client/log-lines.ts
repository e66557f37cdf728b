import type { Frame, OutputStream } from './frames.ts'
import type { LogLine } from './logs.ts'

/** A line may be longer than this; it then comes in several. Without a bound one endless line would take all memory. */
const LONGEST_LINE = 1024 * 1024

interface Open {
  timestamp: string
  pieces: Buffer[]
  length: number
}

/**
 * Joins log entries, each `TIMESTAMP SP text`, to lines. The engine stores a line in pieces of 16 KiB: every piece is an
 * entry with a timestamp of its own, and only the last one ends with a newline.
 */
export async function* joinLines(entries: AsyncIterable<Frame>): AsyncGenerator<LogLine> {
  const open = new Map<OutputStream, Open>()
  for await (const { stream, data } of entries) {
    const space = data.indexOf(32)
    const line = open.get(stream) ?? { timestamp: data.subarray(0, space).toString('latin1'), pieces: [], length: 0 }
    const text = data.subarray(space + 1)
    line.pieces.push(text)
    line.length += text.length
    if (text.at(-1) === 10 || line.length > LONGEST_LINE) {
      open.delete(stream)
      yield finished(stream, line)
    } else {
      open.set(stream, line)
    }
  }
  for (const [stream, line] of open) yield finished(stream, line)
}

function finished(stream: OutputStream, { timestamp, pieces }: Open): LogLine {
  // Decoded as a whole: a character may lie across two pieces.
  const line = Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  return { stream, timestamp, line }
}

/** Bytes of a timestamp and its space, and of the text that the engine puts into one entry. */
const STAMP = 31
const PIECE = 16 * 1024
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/

/** Cuts the raw log of a TTY, whose entries are not framed: at line ends, and in long lines where a next timestamp stands. */
export async function* terminalEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk])
    for (let end = endOfEntry(rest); end > 0; end = endOfEntry(rest)) {
      yield { stream: 'stdout', data: rest.subarray(0, end) }
      rest = rest.subarray(end)
    }
  }
  if (rest.length > 0) yield { stream: 'stdout', data: rest }
}

/** Where the first entry ends; 0 when more has to come before that is known. */
function endOfEntry(bytes: Buffer): number {
  const lineEnd = bytes.indexOf(10) + 1
  const cut = STAMP + PIECE
  if (lineEnd > 0 && lineEnd <= cut) return lineEnd
  if (TIMESTAMP.test(bytes.toString('latin1', cut, cut + STAMP))) return cut
  return lineEnd > 0 || bytes.length <= LONGEST_LINE ? lineEnd : bytes.length
}
