import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** Signs as minisign does; an independent second opinion where the real tool is not to be had. */
export interface MinisignSigner {
  /** As in `minisign.pub`. */
  readonly publicKey: string
  sign(content: Uint8Array | string, options?: { readonly prehashed?: boolean; readonly comment?: string }): string
}

export function minisignSigner(): MinisignSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const id = randomBytes(8)
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const line = (...parts: readonly (string | Uint8Array)[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64')
  return {
    publicKey: `untrusted comment: minisign public key\n${line('Ed', id, raw)}\n`,
    sign(content, { prehashed = true, comment = 'timestamp:1' } = {}) {
      const signed = prehashed ? createHash('blake2b512').update(content).digest() : Buffer.from(content)
      const own = sign(null, signed, privateKey)
      const overall = sign(null, Buffer.concat([own, Buffer.from(comment)]), privateKey)
      return [
        'untrusted comment: signature',
        line(prehashed ? 'ED' : 'Ed', id, own),
        `trusted comment: ${comment}`,
        overall.toString('base64'),
        '',
      ].join('\n')
    },
  }
}

export type KeyKind = 'ecdsa' | 'ed25519' | 'rsa'

export interface ImageSigner {
  /** PEM. */
  readonly publicKey: string
  readonly privateKey: KeyObject
  sign(content: Uint8Array | string): Buffer
}

export function imageSigner(kind: KeyKind): ImageSigner {
  const { publicKey, privateKey } =
    kind === 'ecdsa'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 3072 })
        : generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    privateKey,
    sign: (content) => sign(kind === 'ed25519' ? null : 'sha256', Buffer.from(content), privateKey),
  }
}
