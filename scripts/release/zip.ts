import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'
import { type ArchiveFile, sorted } from './archive.ts'

/** Version 2.0, made on Unix: so that the mode of a file is kept. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const VERSION = 20
const UNIX = 3 << 8
const UTF8_NAMES = 1 << 11
const DEFLATE = 8

/** A zip archive without Zip64: up to 4 GiB. */
export async function zip(files: readonly ArchiveFile[], at: number, level: number): Promise<Buffer> {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, content, executable = false } of sorted(files)) {
    const name = Buffer.from(path)
    const compressed = await promisify(deflateRaw)(content, { level })
    const common = commonFields(content, compressed.length, name.length, at)
    const header = Buffer.concat([numbers([0x04034b50, 4], [VERSION, 2]), common, name, compressed])
    const mode = (executable ? 0o100755 : 0o100644) * 2 ** 16
    directory.push(
      Buffer.concat([
        numbers([0x02014b50, 4], [UNIX | VERSION, 2], [VERSION, 2]),
        common,
        // Length of the comment, disk, internal attributes, external attributes, where its header is.
        numbers([0, 2], [0, 2], [0, 2], [mode, 4], [offset, 4]),
        name,
      ]),
    )
    parts.push(header)
    offset += header.length
  }
  const listing = Buffer.concat(directory)
  const count = directory.length
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [listing.length, 4], [offset, 4], [0, 2])
  return Buffer.concat([...parts, listing, end])
}

/** What stands in the header of a file and in the directory alike. */
function commonFields(content: Uint8Array, compressed: number, name: number, at: number): Buffer {
  const { date, time } = dosTime(at)
  return numbers(
    [UTF8_NAMES, 2],
    [DEFLATE, 2],
    [time, 2],
    [date, 2],
    [crc32(content), 4],
    [compressed, 4],
    [content.byteLength, 4],
    [name, 2],
    [0, 2],
  )
}

/** In UTC, to two seconds, from 1980 on. */
function dosTime(at: number): { readonly date: number; readonly time: number } {
  const moment = new Date(Math.max(at, Date.UTC(1980, 0, 1) / 1000) * 1000)
  return {
    date: ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
    time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
  }
}

function numbers(...fields: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes)
      field.writeUIntLE(value, 0, bytes)
      return field
    }),
  )
}
