import { createHash } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { DdalabError } from '../../errors.ts'
import { readBytesIfExists } from '../../files.ts'
import { request, type Web } from './http.ts'
import { readMinisignKey, verifyMinisign } from './minisign.ts'
import { type ManifestRelease, readManifestText } from './release-manifest.ts'

export interface ManifestSource {
  /** An address, or a path; relative ones start at `directory`. */
  readonly place: string
  readonly directory: string
  /** A minisign public key. */
  readonly key: string
}

/** 4 MiB: the notes of many releases. */
const LARGEST = 4 * 1024 * 1024

/**
 * The releases of a manifest whose signature (`<manifest>.minisig`) is of this key. Its SHA-256 (`<manifest>.sha256`) is
 * compared where there is one: the signature says more. What does not verify is not even parsed.
 *
 * Errors: MANIFEST_NOT_FOUND, MANIFEST_UNREACHABLE, DIGEST_MISMATCH, SIGNATURE_MISSING, SIGNATURE_INVALID, MANIFEST_INVALID.
 */
export async function loadManifest(source: ManifestSource, web: Web): Promise<readonly ManifestRelease[]> {
  const { place } = source
  const key = readMinisignKey(source.key)
  if (key === undefined) throw signatureInvalid(place, 'updates.manifestKey is no minisign key')
  const read = isAddress(place) ? fromWeb(place, web) : fromFiles(source)
  const [content, sum, signature] = await Promise.all([read(''), read('.sha256'), read('.minisig')])
  if (content === undefined) {
    throw new DdalabError('MANIFEST_NOT_FOUND', `There is no release manifest at ${place}`, {
      hint: 'Correct updates.manifest, an address or a path.',
    })
  }
  if (sum !== undefined) assertSum(place, content, text(sum))
  if (signature === undefined) {
    throw new DdalabError('SIGNATURE_MISSING', `The release manifest ${place} has no signature (${place}.minisig)`, {
      hint: 'Tell who publishes it. Without its signature nobody knows whose it is, and nothing of it is used.',
    })
  }
  const verdict = verifyMinisign(content, text(signature), key)
  if (!verdict.good) throw signatureInvalid(place, WHY[verdict.why])
  return readManifestText(text(content), place)
}

/** Whether a place is an address; a drive letter of Windows makes none. */
export function isAddress(place: string): boolean {
  return /^[a-z][a-z+.-]+:\/\//i.test(place)
}

const WHY = {
  malformed: 'the signature is no minisign signature',
  'other key': 'it is signed with another key than updates.manifestKey',
  'other content': 'it is not what was signed',
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

type Read = (suffix: string) => Promise<Uint8Array | undefined>

function fromFiles({ place, directory }: ManifestSource): Read {
  const path = isAbsolute(place) ? place : resolve(directory, place)
  return (suffix) => readBytesIfExists(`${path}${suffix}`)
}

function fromWeb(place: string, web: Web): Read {
  const failed = (why: string, cause?: unknown) =>
    new DdalabError('MANIFEST_UNREACHABLE', `The release manifest ${place} cannot be read: ${why}`, {
      hint: 'See that this machine can reach it (network, certificate, HTTPS_PROXY); nothing was changed.',
      ...(cause !== undefined && { cause }),
    })
  return async (suffix) => {
    const url = URL.parse(place)
    if (url === null) throw failed('that is no address')
    url.pathname += suffix
    const { status, headers, body } = await request(url, web, { limit: LARGEST, failed })
    if (status === 404 || status === 410) return undefined
    if (status !== 200) throw failed(`its server answers ${url.pathname} with status ${status}`)
    // Many servers answer what is not there with their front page.
    return suffix !== '' && /\bhtml\b/.test(headers.get('content-type') ?? '') ? undefined : body
  }
}

/** `sha256sum` writes the sum first, then the name of the file. */
function assertSum(place: string, content: Uint8Array, file: string): void {
  const sum = createHash('sha256').update(content).digest('hex')
  if (/^\s*([0-9a-f]{64})\b/i.exec(file)?.[1]?.toLowerCase() === sum) return
  throw new DdalabError('DIGEST_MISMATCH', `The release manifest ${place} is not what its SHA-256 says`, {
    hint: `It was damaged or replaced; nothing of it is used. What came has ${sum}.`,
  })
}

function signatureInvalid(place: string, why: string): DdalabError {
  return new DdalabError('SIGNATURE_INVALID', `The release manifest ${place} is not trusted: ${why}`, {
    hint: "Nothing of it is used. Compare updates.manifestKey with the publisher's key, by another way than this server.",
  })
}
