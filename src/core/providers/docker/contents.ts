import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import type { Service, Stack } from '../../stack/model.ts'
import type { Engine } from './client/index.ts'
import { fileReferences } from './container-mounts.ts'

/** Readable by all, as Compose makes them, unless the reference gives a mode. */
const DEFAULT_MODE = 0o444

/** Copies configs and secrets that have content of their own, rather than a file on the host, into a container. */
export async function copyContents(engine: Engine, container: string, stack: Stack, service: Service): Promise<void> {
  const archive = pack()
  let empty = true
  for (const { reference, source } of fileReferences(stack, service)) {
    if (source === undefined || !('content' in source)) continue
    empty = false
    const { uid, gid, mode, target } = reference
    archive.entry(
      { name: target.replace(/^\/+/, ''), mode: mode ?? DEFAULT_MODE, uid: Number(uid ?? 0), gid: Number(gid ?? 0) },
      source.content,
    )
  }
  archive.finalize()
  if (!empty) await engine.containers.putArchive(container, '/', await buffer(archive))
}
