import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { PassThrough, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { writeError } from '../../files.ts'

/** What is known of a file of a backup once it is written. */
export interface Encoded {
  readonly bytes: number
  readonly size: number
  readonly sha256: string
}

export interface Encoder {
  /** Takes the data. When the disk is full it is destroyed, and `finish` says why. */
  readonly input: Writable
  /** Ends the data; resolves when all of it is on the disk. Errors: DISK_FULL, FILE_NOT_WRITABLE. */
  finish(): Promise<Encoded>
  /** Gives up. */
  abandon(): Promise<void>
}

/**
 * Writes data into a new file that only its owner may read: compressed (Zstandard, with its own checksum), encrypted to
 * recipients where there are any, streaming all the way. `onBytes` hears now and then how much has gone in.
 */
export function encodeFile(
  path: string,
  recipients: readonly string[],
  onBytes: (bytes: number) => void = () => {},
): Encoder {
  const input = new PassThrough()
  const counted = meter(onBytes)
  const stored = meter()
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  })
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })
  const written =
    recipients.length === 0
      ? pipeline(input, counted.stream, compress, stored.stream, file)
      : pipeline(input, counted.stream, compress, sealed(recipients), stored.stream, file)
  // Looked at in `finish`.
  written.catch(() => undefined)
  return {
    input,
    async finish() {
      input.end()
      try {
        await written
      } catch (thrown) {
        throw writeError(thrown, path)
      }
      return { bytes: counted.bytes(), size: stored.bytes(), sha256: stored.digest() }
    },
    async abandon() {
      input.destroy()
      await written.catch(() => undefined)
    },
  }
}

/** Encrypts a stream in the format of age (https://age-encryption.org/v1), which `age -d` opens. */
function sealed(recipients: readonly string[]) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { Encrypter } = await import('age-encryption')
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    yield* await encrypter.encrypt(ReadableStream.from(source))
  }
}

/** Bytes between two reports of how far it is. */
const STEP = 16 * 1024 * 1024

/** Counts and hashes what passes. */
function meter(onBytes: (bytes: number) => void = () => {}) {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (Math.floor(bytes / STEP) !== Math.floor((bytes + chunk.length) / STEP)) onBytes(bytes + chunk.length)
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { stream, bytes: () => bytes, digest: () => hash.digest('hex') }
}
