import { createHash } from 'node:crypto'

/** SHA-256 of a file's content, hex: how observation and plan compare files without carrying their text. */
export function contentHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
