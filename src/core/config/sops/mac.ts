import { createHash } from 'node:crypto'

/** SHA-256 of "sops": begins a MAC over encrypted values only, so that it never equals one over everything. */
const ONLY_ENCRYPTED = createHash('sha256').update('sops').digest()

/** The MAC over these values, in the order of the document. */
export function macOver(values: Iterable<Uint8Array>, onlyEncrypted: boolean): string {
  const hash = createHash('sha512')
  if (onlyEncrypted) hash.update(ONLY_ENCRYPTED)
  for (const value of values) hash.update(value)
  return hash.digest('hex').toUpperCase()
}
