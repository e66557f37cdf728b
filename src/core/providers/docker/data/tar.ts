import type { Readable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { DdalabError } from '../../../errors.ts'
import type { DataEvidence } from './part.ts'

export { pack }

export interface TarHeader {
  readonly name: string
  readonly uid?: number
  readonly gid?: number
}

/** The header of the first entry of a tar; the rest is not read. */
export async function firstHeader(stream: Readable): Promise<TarHeader> {
  const tar = extract()
  stream.on('error', (error) => tar.destroy(error)).pipe(tar)
  try {
    for await (const entry of tar) return entry.header
    throw new DdalabError('UNEXPECTED', 'The engine gave an empty archive')
  } finally {
    stream.destroy()
    tar.destroy()
  }
}

/** Reads a tar to its end: how many files there are, their bytes, and how many lie in the folder `bucket`. Errors: OPERATION_FAILED. */
export async function tarContents(stream: Readable, bucket: string): Promise<DataEvidence> {
  const tar = extract()
  const end = endWatch()
  stream.on('error', (error) => tar.destroy(error))
  stream.on('data', end.see)
  stream.pipe(tar)
  let files = 0
  let bytes = 0
  let inBucket = 0
  try {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header
      if (type === 'file') {
        files += 1
        bytes += size
        if (bucket !== '' && name.replace(/^\.?\//, '').startsWith(`${bucket}/`)) inBucket += 1
      }
      entry.resume()
    }
  } catch (thrown) {
    if (stream.errored) throw stream.errored
    throw torn(thrown)
  }
  if (!end.complete()) throw torn(undefined)
  // Some servers keep their objects under other names: that none is found there says nothing.
  return { files, bytes, ...(inBucket > 0 && { inBucket }) }
}

const END = 1024

/** A tar ends with two blocks of zeros: without them what wrote it broke off, which `tar-stream` does not mind. */
function endWatch() {
  let held: Buffer = Buffer.alloc(0)
  return {
    see: (chunk: Buffer) => {
      held = chunk.length >= END ? chunk.subarray(-END) : Buffer.concat([held, chunk]).subarray(-END)
    },
    complete: () => held.length === END && held.every((byte) => byte === 0),
  }
}

function torn(cause: unknown): DdalabError {
  return new DdalabError('OPERATION_FAILED', 'The archive of the files breaks off: it could not be read to its end.', {
    hint: 'A file may have become shorter while it was copied. In the template, leave out `live: true` for such a volume.',
    cause,
  })
}
