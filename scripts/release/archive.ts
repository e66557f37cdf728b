import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { constants, gzip, zstdCompress } from 'node:zlib'
import { pack } from 'tar-stream'
import { zip } from './zip.ts'

/** A file of an archive; its path has `/`. */
export interface ArchiveFile {
  readonly path: string
  readonly content: Uint8Array
  readonly executable?: boolean
}

export interface Compression {
  readonly gzip: number
  readonly zstd: number
}

export type ArchiveFormat = 'tar.gz' | 'tar.zst' | 'zip'

/** An archive whose bytes depend on nothing but its files and `at` (seconds since 1970). */
export async function archive(
  format: ArchiveFormat,
  files: readonly ArchiveFile[],
  at: number,
  compression: Compression,
): Promise<Buffer> {
  switch (format) {
    case 'tar.gz':
      return gzipped(await tar(files, at), compression.gzip)
    case 'tar.zst':
      return zstandard(await tar(files, at), compression.zstd)
    case 'zip':
      return zip(files, at, compression.gzip)
  }
}

/** The files in order of their paths, with the folders that lead to them; all of root's. */
export function tar(files: readonly ArchiveFile[], at: number, prefix = ''): Promise<Buffer> {
  const stream = pack()
  const common = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(at * 1000) }
  for (const folder of foldersOf(files))
    stream.entry({ name: `${prefix}${folder}/`, type: 'directory', mode: 0o755, ...common })
  for (const { path, content, executable = false } of sorted(files))
    stream.entry({ name: `${prefix}${path}`, mode: executable ? 0o755 : 0o644, ...common }, Buffer.from(content))
  stream.finalize()
  return buffer(stream)
}

export function sorted(files: readonly ArchiveFile[]): readonly ArchiveFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function foldersOf(files: readonly ArchiveFile[]): readonly string[] {
  const folders = files.flatMap(({ path }) => {
    const parts = path.split('/').slice(0, -1)
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  })
  return [...new Set(folders)].toSorted()
}

/** zlib writes no time; the byte that names the system it ran on is made the same everywhere (RFC 1952: 255, unknown). */
export async function gzipped(content: Uint8Array, level: number): Promise<Buffer> {
  const compressed = await promisify(gzip)(content, { level })
  compressed[9] = 255
  return compressed
}

/** A window that `zstd`, `tar` and `dpkg` read without being asked to (128 MiB). */
const WINDOW_LOG = 27

export function zstandard(content: Uint8Array, level: number): Promise<Buffer> {
  const long = level > 3
  return promisify(zstdCompress)(content, {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: 1,
      ...(long && { [constants.ZSTD_c_windowLog]: WINDOW_LOG, [constants.ZSTD_c_enableLongDistanceMatching]: 1 }),
    },
  })
}
