import { createHash, createPrivateKey, createPublicKey, type KeyObject, scryptSync, sign } from 'node:crypto'

/** Signs as `minisign -S` does, without it: https://jedisct1.github.io/minisign/#signature-format */
export interface Signer {
  /** The line of `minisign.pub`. */
  readonly publicKey: string
  /** The text of a `.minisig`. The same content and comment give the same text. */
  sign(content: Uint8Array, trustedComment: string): string
}

/** PKCS #8 around the seed of an Ed25519 key (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The bytes of a secret key, after its line of comment: numbers are those of minisign's `SeckeyStruct`. */
const LENGTH = 158
const UNENCRYPTED = Buffer.alloc(2)

/**
 * Opens the text of a `minisign.key`. Throws an Error when it is none, or when the password does not open it; the error has
 * nothing of either in it.
 */
export function openSigner(text: string, password: string | undefined): Signer {
  const line = text.trim().split(/\r?\n/).at(-1) ?? ''
  const bytes = Buffer.from(line, 'base64')
  if (bytes.length !== LENGTH || bytes.toString('latin1', 0, 2) !== 'Ed')
    throw new Error('The signing key is no minisign secret key (minisign.key)')
  const kind = bytes.subarray(2, 4)
  const sealed = bytes.subarray(54)
  const isOpen = kind.equals(UNENCRYPTED)
  if (!isOpen && password === undefined)
    throw new Error('The signing key has a password: set DDALAB_MINISIGN_PASSWORD to it')
  const content = isOpen ? sealed : unsealed(bytes, sealed, password ?? '')
  const [id, seed, raw] = [content.subarray(0, 8), content.subarray(8, 40), content.subarray(40, 72)]
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  // The second half of the key is its public part: what a wrong password gives does not fit together.
  if (!publicKey.equals(raw)) throw new Error('DDALAB_MINISIGN_PASSWORD does not open the signing key')
  return signer(privateKey, id, publicKey)
}

function signer(privateKey: KeyObject, id: Buffer, publicKey: Buffer): Signer {
  const line = (...parts: readonly Uint8Array[]) => Buffer.concat(parts).toString('base64')
  return {
    publicKey: line(Buffer.from('Ed'), id, publicKey),
    sign(content, trustedComment) {
      // Prehashed: what minisign makes by default.
      const own = sign(null, createHash('blake2b512').update(content).digest(), privateKey)
      const overall = sign(null, Buffer.concat([own, Buffer.from(trustedComment)]), privateKey)
      return [
        'untrusted comment: signature of a ddalab release',
        line(Buffer.from('ED'), id, own),
        `trusted comment: ${trustedComment}`,
        overall.toString('base64'),
        '',
      ].join('\n')
    },
  }
}

/** Salt, and the costs by libsodium's names; the stream of scrypt is laid over the key. */
function unsealed(bytes: Buffer, sealed: Buffer, password: string): Buffer {
  const salt = bytes.subarray(6, 38)
  const cost = scryptCost(Number(bytes.readBigUInt64LE(38)), Number(bytes.readBigUInt64LE(46)))
  const stream = scryptSync(password, salt, sealed.length, { ...cost, maxmem: 256 * cost.N * cost.r })
  return Buffer.from(sealed.map((byte, index) => byte ^ (stream[index] ?? 0)))
}

/** libsodium's `pickparams` for crypto_pwhash_scryptsalsa208sha256. */
export function scryptCost(opsLimit: number, memoryLimit: number) {
  const operations = Math.max(opsLimit, 32768)
  const r = 8
  const isSmall = operations < memoryLimit / 32
  const most = isSmall ? operations / (r * 4) : memoryLimit / (r * 128)
  const N = 2 ** Math.max(1, Math.floor(Math.log2(most)))
  return { N, r, p: isSmall ? 1 : Math.floor(Math.min(operations / 4 / N, 0x3fffffff) / r) }
}
