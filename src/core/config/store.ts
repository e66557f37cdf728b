import { open } from 'node:fs/promises'
import { DdalabError, systemCode } from '../errors.ts'
import { isMissing } from '../files.ts'
import { decodeConfig, LARGEST } from './document.ts'
import { type ParsedConfig, parseConfig } from './parse.ts'

/**
 * Reads a config file. CONFIG_NOT_FOUND, CONFIG_UNREADABLE, CONFIG_INVALID or CONFIG_TOO_NEW; never a default in place of
 * a file that is there.
 */
export async function loadConfig(file: string): Promise<ParsedConfig> {
  return parseConfig(await readConfigText(file), file)
}

/** The text of a config file, as it is. CONFIG_NOT_FOUND; CONFIG_UNREADABLE for what is no text of its size. */
export async function readConfigText(file: string): Promise<string> {
  return decodeConfig(await readConfigBytes(file), file)
}

/** The bytes of a config file, at most one more than a config may have. CONFIG_NOT_FOUND, CONFIG_UNREADABLE. */
export async function readConfigBytes(file: string): Promise<Uint8Array> {
  const bytes = await readBytes(file)
  if (bytes !== undefined) return bytes
  throw new DdalabError('CONFIG_NOT_FOUND', `There is no config at ${file}`, {
    hint: 'Create one with `ddalab init`.',
    place: { file },
  })
}

/** The bytes of a file (one more than allowed is enough to refuse it), or undefined when there is none. */
async function readBytes(file: string): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(file, 'r')
    try {
      const buffer = Buffer.alloc(LARGEST + 1)
      let filled = 0
      for (let read = -1; read !== 0 && filled < buffer.length; filled += read) {
        read = (await handle.read(buffer, filled, buffer.length - filled)).bytesRead
      }
      return buffer.subarray(0, filled)
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw readError(thrown, file)
  }
}

function readError(thrown: unknown, file: string): DdalabError {
  const code = systemCode(thrown)
  const why = code === 'EISDIR' ? 'it is a directory' : `${code ?? 'unknown reason'}`
  return new DdalabError('CONFIG_UNREADABLE', `${file} cannot be read: ${why}`, {
    hint:
      code === 'EACCES' || code === 'EPERM' ? 'Run as its owner, or change its permissions.' : 'Name a readable file.',
    place: { file },
    cause: thrown,
  })
}
