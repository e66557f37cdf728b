import semver from 'semver'
import { DdalabError } from '../errors.ts'
import { readMinisignKey, request, verifyMinisign, type Web } from '../release/channel/index.ts'
import { type Platform, platformName, versionOfArchive } from './platform.ts'
import { readSums } from './sums.ts'

/** Where a release is looked for, and whose signature it needs. */
export interface ReleasePlace {
  readonly url: string
  /** A minisign public key. */
  readonly key: string | undefined
}

/** A release of the program, for this platform. What it says of the archive is signed. */
export interface ProgramRelease {
  readonly version: string
  readonly archive: { readonly name: string; readonly address: URL; readonly sha256: string }
}

const SUMS = 'SHA256SUMS'
/** A few dozen lines. */
const LARGEST_SUMS = 256 * 1024

/**
 * The newest release, or the one that is named, by its signed sums.
 *
 * Errors: VERSION_NOT_FOUND, RELEASES_UNREACHABLE, SIGNATURE_MISSING, SIGNATURE_INVALID, PROGRAM_WRONG_PLATFORM.
 */
export async function findRelease(
  { url, key: keyText }: ReleasePlace,
  platform: Platform,
  named: string | undefined,
  web: Web,
): Promise<ProgramRelease> {
  const directory = named === undefined ? 'latest/download' : `download/v${named}`
  const address = addressOf(url, `${directory}/${SUMS}`)
  const key = keyOf(keyText)
  const [sums, signature] = await Promise.all([
    fetchFile(address, LARGEST_SUMS, web),
    fetchFile(addressOf(url, `${directory}/${SUMS}.minisig`), LARGEST_SUMS, web),
  ])
  if (sums === undefined) throw notFound(url, named)
  if (signature === undefined) {
    throw new DdalabError('SIGNATURE_MISSING', `${address.href} has no signature (${SUMS}.minisig)`, {
      hint: 'Tell who publishes it. Without its signature nobody knows whose it is, and nothing of it is used.',
    })
  }
  const verdict = verifyMinisign(sums, Buffer.from(signature).toString(), key)
  if (!verdict.good) throw notTrusted(address, WHY[verdict.why])
  const files = readSums(Buffer.from(sums).toString())
  const name = [...files.keys()].find((file) => semver.valid(versionOfArchive(file, platform)) !== null)
  const sha256 = files.get(name ?? '')
  if (name === undefined || sha256 === undefined) {
    throw new DdalabError('PROGRAM_WRONG_PLATFORM', `${address.href} has no program for ${platformName(platform)}`, {
      hint: 'Build it from its sources on this machine.',
    })
  }
  const version = versionOfArchive(name, platform) ?? ''
  // Whoever holds the server holds signed sums of every release: one may not pass for another.
  if (named !== undefined && named !== version) throw notTrusted(address, `it is of version ${version}`)
  return { version, archive: { name, address: addressOf(url, `download/v${version}/${name}`), sha256 } }
}

/** A file of a release; undefined when it is not there. Errors: RELEASES_UNREACHABLE. */
export async function fetchFile(address: URL, limit: number, web: Web): Promise<Uint8Array | undefined> {
  const failed = (why: string, cause?: unknown) =>
    new DdalabError('RELEASES_UNREACHABLE', `${address.href} cannot be read: ${why}`, {
      hint: 'See that this machine can reach it (network, certificate, HTTPS_PROXY); nothing was changed.',
      ...(cause !== undefined && { cause }),
    })
  const { status, body } = await request(address, web, { limit, failed })
  if (status === 404 || status === 410) return undefined
  if (status !== 200) throw failed(`its server answers with status ${status}`)
  return body
}

const WHY = {
  malformed: 'the signature is no minisign signature',
  'other key': 'it is signed with another key',
  'other content': 'it is not what was signed',
}

function addressOf(base: string, path: string): URL {
  const url = URL.parse(`${base.replace(/\/+$/, '')}/${path}`)
  if (url !== null) return url
  throw new DdalabError('USAGE', `${JSON.stringify(base)} is no address of releases`, {
    hint: 'Give one like https://example.org/ddalab with --from or DDALAB_RELEASES_URL.',
  })
}

function keyOf(text: string | undefined) {
  const key = text === undefined ? undefined : readMinisignKey(text)
  if (key !== undefined) return key
  if (text === undefined) {
    throw new DdalabError('SIGNATURE_MISSING', 'This build of ddalab knows no key to verify releases with', {
      hint: "Give the publisher's minisign public key with --key or DDALAB_RELEASES_KEY.",
    })
  }
  throw new DdalabError('SIGNATURE_INVALID', 'The key to verify releases with is no minisign public key', {
    hint: 'Give the second line of the file minisign.pub with --key or DDALAB_RELEASES_KEY.',
  })
}

function notFound(url: string, named: string | undefined): DdalabError {
  const what = named === undefined ? 'no release of ddalab' : `no version ${JSON.stringify(named.slice(0, 128))}`
  return new DdalabError('VERSION_NOT_FOUND', `There is ${what} at ${url}`, {
    hint: 'See there what there is, or correct the address (--from, DDALAB_RELEASES_URL).',
  })
}

function notTrusted(address: URL, why: string): DdalabError {
  return new DdalabError('SIGNATURE_INVALID', `${address.href} is not trusted: ${why}`, {
    hint: "Nothing of it is used. Compare the key with the publisher's, by another way than this server.",
  })
}
