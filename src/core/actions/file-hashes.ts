import { createHash } from 'node:crypto'
import { readFileIfExists } from '../files.ts'

/** SHA-256 of a text, hex. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A text without the byte-order mark with which its file may begin: what is compiled has none. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}

/** The hashes of the texts of files by path, null for one that is not there. */
export async function fileHashes(paths: readonly string[]): Promise<{ readonly [path: string]: string | null }> {
  const hashes = await Promise.all(
    paths.map(async (path) => {
      const text = await readFileIfExists(path)
      return [path, text === undefined ? null : contentHash(withoutMark(text))] as const
    }),
  )
  return Object.fromEntries(hashes)
}
