import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { DdalabError } from '../../errors.ts'
import { isMissing, readError } from '../../files.ts'
import type { BackupPart } from './backup.ts'

/** `AGE-SECRET-KEY-1...` of everybody here who may open backups, and where they were looked for. */
export type LoadIdentities = () => Promise<{ readonly keys: readonly string[]; readonly lookedIn: readonly string[] }>

/** Whether the file is byte for byte what was written. BACKUP_DAMAGED, FILE_NOT_READABLE. */
export async function checkFile(path: string, { size, sha256 }: BackupPart): Promise<void> {
  const hash = createHash('sha256')
  try {
    const found = await stat(path)
    if (found.size !== size) throw damaged(path, `it has ${found.size} bytes where ${size} were written`)
    await pipeline(createReadStream(path), hash)
  } catch (thrown) {
    if (isMissing(thrown)) throw damaged(path, 'it is not there')
    throw thrown instanceof DdalabError ? thrown : readError(thrown, path)
  }
  if (hash.digest('hex') !== sha256) throw damaged(path, 'its SHA-256 is not the one that was written down')
}

/**
 * The data in a file of a backup, decrypted and decompressed. The stream ends with an error where that cannot be done:
 * BACKUP_DAMAGED, IDENTITY_MISSING, FILE_NOT_READABLE.
 */
export function decodeFile(path: string, part: BackupPart, identities: LoadIdentities): Readable {
  return Readable.from(decoded(path, part, identities), { objectMode: false })
}

async function* decoded(path: string, part: BackupPart, identities: LoadIdentities): AsyncGenerator<Buffer> {
  const file = createReadStream(path)
  const decompress = createZstdDecompress()
  let bytes = 0
  try {
    const source = part.encrypted ? await opened(file, path, identities) : file
    // What breaks it breaks the reading below.
    pipeline(source, decompress).catch(() => undefined)
    for await (const chunk of decompress) {
      bytes += chunk.length
      yield chunk
    }
  } catch (thrown) {
    if (thrown instanceof DdalabError) throw thrown
    if (file.errored) throw readError(file.errored, path)
    throw damaged(path, 'it cannot be decrypted or decompressed', thrown)
  } finally {
    file.destroy()
    decompress.destroy()
  }
  if (bytes !== part.bytes) throw damaged(path, `it holds ${bytes} bytes of data where ${part.bytes} were put in`)
}

async function opened(file: Readable, path: string, identities: LoadIdentities): Promise<AsyncIterable<Uint8Array>> {
  const { Decrypter } = await import('age-encryption')
  const { keys, lookedIn } = await identities()
  const decrypter = new Decrypter()
  for (const key of keys) decrypter.addIdentity(key)
  try {
    return await decrypter.decrypt(ReadableStream.from<Uint8Array>(file))
  } catch (thrown) {
    if (file.errored || !(thrown instanceof Error) || !/no identity matched/.test(thrown.message)) throw thrown
    throw new DdalabError('IDENTITY_MISSING', `No identity here opens ${path}`, {
      hint: `Put the identity of one of its recipients in place. Looked in: ${lookedIn.join(', ')}.`,
      place: { file: path },
      cause: thrown,
    })
  }
}

function damaged(path: string, why: string, cause?: unknown): DdalabError {
  return new DdalabError('BACKUP_DAMAGED', `${path} is damaged: ${why}.`, {
    hint: 'Take another backup: ddalab backup list',
    place: { file: path },
    cause,
  })
}
