import type { SecretKind } from './schema.ts'

/** Source of randomness: so many random bytes (`crypto.randomBytes`). */
export type RandomBytes = (count: number) => Uint8Array

const ALPHABETS: { readonly [Kind in SecretKind]: string } = {
  // No character that means something in an .env file, a URL, a shell or YAML; none that could start an option.
  password: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
}
const LENGTHS: { readonly [Kind in SecretKind]: number } = { password: 32, hex: 64 }

/** A new secret: `password` has 190 bits in 32 letters and digits, `hex` 256 bits in 64 digits. */
export function generateSecret(kind: SecretKind, randomBytes: RandomBytes): string {
  const alphabet = ALPHABETS[kind]
  const base = BigInt(alphabet.length)
  // 64 bytes as one number: its remainder by 62^32 is uniform but for a part in 2^321, and nothing has to be redrawn.
  let number = BigInt(`0x${Buffer.from(randomBytes(64)).toString('hex')}`)
  let secret = ''
  while (secret.length < LENGTHS[kind]) {
    secret += alphabet[Number(number % base)]
    number /= base
  }
  return secret
}
