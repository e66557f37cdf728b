import type { Readable } from 'node:stream'
import { DdalabError } from '../../../errors.ts'

export type OutputStream = 'stdout' | 'stderr'

/** What one write of the container or one entry of its log became on the wire. */
export interface Frame {
  readonly stream: OutputStream
  readonly data: Buffer
}

const HEADER = 8
const NAMES: readonly (OutputStream | 'system')[] = ['stdout', 'stdout', 'stderr', 'system']

/**
 * Takes a multiplexed stream apart: `[stream, 0, 0, 0, length (4 bytes, big-endian)]`, then the data (Engine API, attach).
 * The streams of a container with a TTY are not multiplexed: do not use it there (rule 54).
 */
export async function* frames(stream: Readable): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0)
  let wanted = HEADER
  let pending: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    pending.push(chunk)
    size += chunk.length
    // Joining only when a frame is complete keeps large frames from being copied with every chunk.
    if (size < wanted) continue
    rest = pending.length === 1 ? chunk : Buffer.concat(pending)
    for (;;) {
      const stream = rest.length < HEADER ? undefined : streamOf(rest)
      wanted = stream === undefined ? HEADER : HEADER + rest.readUInt32BE(4)
      if (stream === undefined || rest.length < wanted) break
      yield frameOf(stream, rest.subarray(HEADER, wanted))
      rest = rest.subarray(wanted)
    }
    pending = rest.length === 0 ? [] : [rest]
    size = rest.length
  }
}

/** Looked at as soon as the header is there: in a stream that is not framed the length would be nonsense. */
function streamOf(header: Buffer): OutputStream | 'system' {
  const name = header.readUIntBE(1, 3) === 0 ? NAMES[header[0] ?? 0] : undefined
  if (name === undefined) throw new DdalabError('UNEXPECTED', 'The stream of the container is not multiplexed')
  return name
}

function frameOf(stream: OutputStream | 'system', data: Buffer): Frame {
  // The engine's own trouble in the middle of the stream.
  if (stream === 'system') throw new DdalabError('OPERATION_FAILED', `The engine broke off: ${data.toString().trim()}`)
  return { stream, data }
}
