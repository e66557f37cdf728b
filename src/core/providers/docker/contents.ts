import { buffer } from 'node:stream/consumers'
import type { Service, Stack } from '../../stack/model.ts'
import type { Engine } from './client/index.ts'
import { fileReferences } from './container-mounts.ts'

/** Readable by all, as Compose makes them, unless the reference gives a mode. */
const DEFAULT_MODE = 0o444

/** Copies configs and secrets that have content of their own, rather than a file on the host, into a container. */
export async function copyContents(engine: Engine, container: string, stack: Stack, service: Service): Promise<void> {
  const files = fileReferences(stack, service).flatMap(({ reference, source }) =>
    source !== undefined && 'content' in source ? [{ ...reference, content: source.content }] : [],
  )
  if (files.length === 0) return
  // Few stacks have any.
  const { pack } = await import('tar-stream')
  const archive = pack()
  for (const { uid, gid, mode, target, content } of files) {
    const name = target.replace(/^\/+/, '')
    archive.entry({ name, mode: mode ?? DEFAULT_MODE, uid: Number(uid ?? 0), gid: Number(gid ?? 0) }, content)
  }
  archive.finalize()
  await engine.containers.putArchive(container, '/', await buffer(archive))
}
