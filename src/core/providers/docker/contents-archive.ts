import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

/** A file for a container. */
export interface ContentFile {
  /** Absolute, in the container. */
  readonly target: string
  readonly content: string
  readonly uid: number
  readonly gid: number
  /** Permission bits. */
  readonly mode: number
}

/** The files as the engine takes them. Loads tar-stream: imported when there are some. */
export function contentsArchive(files: readonly ContentFile[]): Promise<Buffer> {
  const archive = pack()
  for (const { target, content, ...attributes } of files) {
    archive.entry({ name: target.replace(/^\/+/, ''), ...attributes }, content)
  }
  archive.finalize()
  return buffer(archive)
}
