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

/** Something about each of several files by path, null for one that is not there. */
type ByPath = { readonly [path: string]: string | null }

/** The texts of files. */
export async function fileTexts(paths: readonly string[]): Promise<ByPath> {
  const texts = await Promise.all(
    paths.map(async (path) => {
      const text = await readFileIfExists(path)
      return [path, text === undefined ? null : withoutMark(text)] as const
    }),
  )
  return Object.fromEntries(texts)
}

/** The hashes of texts. */
export function hashesOf(texts: ByPath): ByPath {
  return Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, text === null ? null : contentHash(text)]),
  )
}

/** The hashes of the texts of files. */
export async function fileHashes(paths: readonly string[]): Promise<ByPath> {
  return hashesOf(await fileTexts(paths))
}
