import { open } from 'node:fs/promises'
import { DdalabError, systemCode } from '../errors.ts'
import { isMissing, writeFileAtomic } from '../files.ts'
import { decodeConfig, LARGEST, parseDocument } from './document.ts'
import { isNewer, tooNew } from './migrations/index.ts'
import { type ParsedConfig, parseConfig } from './parse.ts'
import { getPath } from './path.ts'

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

/**
 * Writes a config file as a whole, a new one with mode 0600 (it holds secrets), an existing one with the mode it has.
 * Refused, with the file left as it is: a text that is not a valid config; a file there that cannot be read
 * (CONFIG_UNREADABLE) or is of a newer version (CONFIG_TOO_NEW).
 */
export async function saveConfig(file: string, text: string): Promise<void> {
  parseConfig(text, file)
  const former = await readBytes(file)
  if (former !== undefined) refuseToReplace(decodeConfig(former, file), file)
  await writeFileAtomic(file, text, former === undefined ? { mode: 0o600 } : {})
}

function refuseToReplace(text: string, file: string): void {
  const { data, problems, locate } = parseDocument(text, file)
  const version = getPath(data, ['version'])
  if (typeof version === 'string' && isNewer(version)) throw tooNew(version, locate(['version']))
  if (problems.length === 0) return
  throw new DdalabError('CONFIG_UNREADABLE', `${file} is not YAML and was not replaced`, {
    hint: 'Correct it, or move it away.',
    problems,
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
