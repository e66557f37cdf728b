import type { Chunk } from './loader.ts'

/** What an executable holds beside Node. Paths have `/`. */
export interface Contents {
  readonly chunks: ReadonlyMap<string, Chunk>
  readonly files: ReadonlyMap<string, string>
}

type Range = readonly [start: number, end: number]

interface Index {
  readonly chunks: { readonly [path: string]: readonly [text: Range, cache?: Range] }
  readonly files: { readonly [path: string]: Range }
}

/** V8 copies a cache that does not lie so. */
const ALIGNMENT = 16

/** All contents as one asset: the length of the index, the index, and what it points to. */
export function packContents({ chunks, files }: Contents): Buffer {
  const parts: Buffer[] = []
  let length = 0
  const put = (part: Buffer): Range => {
    const start = length
    const padding = -part.length & (ALIGNMENT - 1)
    parts.push(part, Buffer.alloc(padding))
    length += part.length + padding
    return [start, start + part.length]
  }
  const index: Index = {
    chunks: Object.fromEntries(
      [...chunks].map(([path, { text, cache }]) => {
        const place = put(Buffer.from(text))
        return [path, cache === undefined ? [place] : [place, put(Buffer.from(cache))]]
      }),
    ),
    files: Object.fromEntries([...files].map(([path, text]) => [path, put(Buffer.from(text))])),
  }
  const head = Buffer.from(JSON.stringify(index))
  const start = Buffer.alloc(4)
  start.writeUInt32LE(head.length)
  const padding = Buffer.alloc(-(start.length + head.length) & (ALIGNMENT - 1))
  return Buffer.concat([start, head, padding, ...parts])
}

export interface ContentsReader {
  readonly paths: readonly string[]
  file(path: string): string | undefined
  chunk(path: string): Chunk | undefined
}

/** Reads what `packContents` made, each part when it is asked for. */
export function readContents(asset: Buffer): ContentsReader {
  const headEnd = 4 + asset.readUInt32LE(0)
  const { chunks, files }: Index = JSON.parse(asset.toString('latin1', 4, headEnd))
  const base = (headEnd + ALIGNMENT - 1) & -ALIGNMENT
  return {
    paths: Object.keys(files),
    file: (path) => {
      const range = files[path]
      return range && asset.toString('utf8', base + range[0], base + range[1])
    },
    chunk: (path) => {
      const ranges = chunks[path]
      if (ranges === undefined) return undefined
      const [text, cache] = ranges
      return {
        text: asset.toString('utf8', base + text[0], base + text[1]),
        cache: cache && asset.subarray(base + cache[0], base + cache[1]),
      }
    },
  }
}
