/** Secrets in the SOPS format with age: reading, sealing, identities. The cryptography of age is loaded on use. */
export { isEncrypted } from './ciphertext.ts'
export type { Identities } from './identities.ts'
export { isSealed } from './metadata.ts'
export type { SealedValue } from './opener.ts'
export { type RotateOptions, rotate } from './rotate.ts'
export { type SealOptions, seal } from './seal.ts'
export { type Unsealed, type UnsealOptions, unseal } from './unseal.ts'
