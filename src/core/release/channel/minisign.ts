import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** A minisign public key: its number, which every signature repeats, and the Ed25519 key. */
export interface MinisignKey {
  readonly id: string
  readonly key: KeyObject
}

/** What came of a signature: the words that were signed with it, or what is wrong. */
export type Verdict =
  | { readonly good: true; readonly comment: string }
  | { readonly good: false; readonly why: 'malformed' | 'other key' | 'other content' }

const ALGORITHM = 'Ed'
/** The same over the BLAKE2b-512 of the content: what minisign makes now. */
const PREHASHED = 'ED'

/** SubjectPublicKeyInfo of a raw Ed25519 key (RFC 8410, section 4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** The key of a `minisign.pub`: its second line, or that line alone. Undefined when it is none. */
export function readMinisignKey(text: string): MinisignKey | undefined {
  const line = text
    .split(/\r?\n/)
    .map((part) => part.trim())
    .findLast((part) => part !== '')
  const bytes = decoded(line, 42)
  if (bytes === undefined || bytes.toString('latin1', 0, 2) !== ALGORITHM) return undefined
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(10)]), format: 'der', type: 'spki' })
  return { id: bytes.toString('hex', 2, 10), key }
}

const TRUSTED = 'trusted comment: '

/** Checks a `.minisig` (https://jedisct1.github.io/minisign/#signature-format), its trusted comment included. */
export function verifyMinisign(content: Uint8Array, signature: string, { id, key }: MinisignKey): Verdict {
  const [, first, comment = '', second] = signature.split(/\r?\n/)
  const bytes = decoded(first, 74)
  const overall = decoded(second, 64)
  if (bytes === undefined || overall === undefined || !comment.startsWith(TRUSTED)) return wrong('malformed')
  const algorithm = bytes.toString('latin1', 0, 2)
  if (algorithm !== ALGORITHM && algorithm !== PREHASHED) return wrong('malformed')
  if (bytes.toString('hex', 2, 10) !== id) return wrong('other key')
  const own = bytes.subarray(10)
  const signed = algorithm === PREHASHED ? createHash('blake2b512').update(content).digest() : content
  const words = comment.slice(TRUSTED.length)
  const good = verify(null, signed, key, own) && verify(null, Buffer.concat([own, Buffer.from(words)]), key, overall)
  return good ? { good, comment: words } : wrong('other content')
}

function wrong(why: 'malformed' | 'other key' | 'other content'): Verdict {
  return { good: false, why }
}

function decoded(line: string | undefined, length: number): Buffer | undefined {
  if (line === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return undefined
  const bytes = Buffer.from(line, 'base64')
  return bytes.length === length ? bytes : undefined
}
