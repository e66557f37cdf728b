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
 * Frames that came together are given together. The streams of a container with a TTY are not multiplexed: do not use it
 * there (rule 54).
 */
export async function* frames(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly Frame[]> {
  let wanted = HEADER
  let pending: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    pending.push(chunk)
    size += chunk.length
    // Joining only when a frame is complete keeps large frames from being copied with every chunk.
    if (size < wanted) continue
    const taken = takeApart(pending.length === 1 ? chunk : Buffer.concat(pending))
    if (taken.frames.length > 0) yield taken.frames
    if (taken.failure !== undefined) throw taken.failure
    wanted = taken.wanted
    pending = taken.rest.length === 0 ? [] : [taken.rest]
    size = taken.rest.length
  }
}

interface Taken {
  readonly frames: readonly Frame[]
  readonly rest: Buffer
  /** Bytes of the frame that begins with the rest, as far as is known. */
  readonly wanted: number
  /** What is wrong with the rest. */
  readonly failure?: DdalabError
}

function takeApart(bytes: Buffer): Taken {
  const frames: Frame[] = []
  let at = 0
  const end = (wanted: number, failure?: DdalabError): Taken => ({
    frames,
    rest: bytes.subarray(at),
    wanted,
    ...(failure !== undefined && { failure }),
  })
  for (;;) {
    if (bytes.length - at < HEADER) return end(HEADER)
    const stream = streamAt(bytes, at)
    if (stream === undefined) {
      return end(HEADER, new DdalabError('UNEXPECTED', 'The stream of the container is not multiplexed'))
    }
    const wanted = HEADER + bytes.readUInt32BE(at + 4)
    if (bytes.length - at < wanted) return end(wanted)
    const data = bytes.subarray(at + HEADER, at + wanted)
    // The engine's own trouble in the middle of the stream.
    if (stream === 'system') {
      return end(wanted, new DdalabError('OPERATION_FAILED', `The engine broke off: ${data.toString().trim()}`))
    }
    frames.push({ stream, data })
    at += wanted
  }
}

/** Looked at as soon as the header is there: in a stream that is not framed the length would be nonsense. */
function streamAt(bytes: Buffer, at: number): OutputStream | 'system' | undefined {
  return bytes.readUIntBE(at + 1, 3) === 0 ? NAMES[bytes[at] ?? 0] : undefined
}
