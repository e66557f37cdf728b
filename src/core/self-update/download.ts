import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { DdalabError } from '../errors.ts'
import type { Web } from '../release/channel/index.ts'
import { type Platform, platformName, platformOfProgram, programFile } from './platform.ts'
import { fetchFile, type ProgramRelease } from './releases.ts'

/** Several times what it is. */
const LARGEST_ARCHIVE = 256 * 1024 * 1024

/** Ten minutes: the whole archive is one answer. */
const TIMEOUT = 600_000

/**
 * The program of a release, which is what was signed and is made for the platform.
 *
 * Errors: RELEASES_UNREACHABLE, DIGEST_MISMATCH, PROGRAM_DAMAGED, PROGRAM_WRONG_PLATFORM.
 */
export async function downloadProgram(
  { archive: { name, address, sha256 } }: ProgramRelease,
  platform: Platform,
  web: Web,
): Promise<Uint8Array> {
  const archive = await fetchFile(address, LARGEST_ARCHIVE, { timeout: TIMEOUT, ...web })
  if (archive === undefined) {
    throw new DdalabError('RELEASES_UNREACHABLE', `${address.href} is not there, and its release names it`, {
      hint: 'It may not be published completely yet: try again later, or tell who publishes it.',
    })
  }
  const sum = createHash('sha256').update(archive).digest('hex')
  if (sum !== sha256) {
    throw new DdalabError(
      'DIGEST_MISMATCH',
      `${name} is not what its SHA-256 says (${archive.byteLength} bytes came)`,
      {
        hint: `It was cut off, damaged or replaced; nothing of it is used. What came has ${sum}.`,
      },
    )
  }
  const program = await unpack(name, archive, programFile(platform))
  assertPlatform(name, program, platform)
  return program
}

/** The file of that name in a folder of the archive. Errors: PROGRAM_DAMAGED. */
async function unpack(name: string, archive: Uint8Array, file: string): Promise<Uint8Array> {
  const damaged = (cause?: unknown) =>
    new DdalabError('PROGRAM_DAMAGED', `${name} holds no program ${file}`, {
      hint: 'Nothing was changed. Tell who publishes it.',
      ...(cause !== undefined && { cause }),
    })
  const tar = extract()
  const content = Readable.from([archive]).pipe(createZstdDecompress())
  content.on('error', (error) => tar.destroy(error)).pipe(tar)
  try {
    for await (const entry of tar) {
      const { type, name: path } = entry.header
      if (type === 'file' && path.split('/').at(-1) === file) return await buffer(entry)
      entry.resume()
    }
  } catch (thrown) {
    throw damaged(thrown)
  } finally {
    content.destroy()
    tar.destroy()
  }
  throw damaged()
}

function assertPlatform(name: string, program: Uint8Array, platform: Platform): void {
  const made = platformOfProgram(program)
  if (made !== undefined && platformName(made) === platformName(platform)) return
  const what = made === undefined ? 'for no system that is known' : `for ${platformName(made)}`
  throw new DdalabError(
    'PROGRAM_WRONG_PLATFORM',
    `The program in ${name} is ${what}, and this is ${platformName(platform)}`,
    { hint: 'Nothing was changed. Tell who publishes it.' },
  )
}
