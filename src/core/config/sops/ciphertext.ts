import { createCipheriv, createDecipheriv } from 'node:crypto'

/** What SOPS notes beside an encrypted value, so that it gets its type back. */
export const VALUE_TYPES = ['str', 'int', 'float', 'bool', 'bytes', 'time', 'comment'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

/** The parts of `ENC[AES256_GCM,data:..,iv:..,tag:..,type:..]`. */
export interface Ciphertext {
  readonly data: Uint8Array
  readonly iv: Uint8Array
  readonly tag: Uint8Array
  readonly type: string
}

const IV_BYTES = 32
const TAG_BYTES = 16
const FORM = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:([a-z0-9]+)\]$/

/** Whether a value stands there encrypted, whole or damaged. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('ENC[AES256_GCM,')
}

/** The parts of an encrypted value; undefined for what is not exactly one. */
export function parseCiphertext(text: string): Ciphertext | undefined {
  const [, data, iv, tag, type = ''] = FORM.exec(text) ?? []
  const parts = [data, iv, tag].map(decodeBase64)
  const [dataBytes, ivBytes, tagBytes] = parts
  if (dataBytes === undefined || ivBytes === undefined || tagBytes?.length !== TAG_BYTES) return undefined
  return { data: dataBytes, iv: ivBytes, tag: tagBytes, type }
}

/** The plaintext, or undefined when the value was not encrypted with this key for this place, or has been changed. */
export function decrypt({ data, iv, tag }: Ciphertext, key: Uint8Array, authenticated: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(authenticated))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch {
    return undefined
  }
}

/** The text of an encrypted value. `randomBytes` gives its initialisation vector: never the same for two plaintexts. */
export function encrypt(
  plaintext: Uint8Array,
  type: ValueType,
  key: Uint8Array,
  authenticated: string,
  randomBytes: (count: number) => Uint8Array,
): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(authenticated))
  const data = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const [dataText, ivText, tagText] = [data, iv, cipher.getAuthTag()].map((part) =>
    Buffer.from(part).toString('base64'),
  )
  return `ENC[AES256_GCM,data:${dataText},iv:${ivText},tag:${tagText},type:${type}]`
}

/** Strict: a character that carries no bits of the value cannot be changed unseen either. */
function decodeBase64(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined
}
