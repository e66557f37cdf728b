import type { Service, Stack } from '../../stack/model.ts'
import type { Engine } from './client/index.ts'
import { fileReferences } from './container-mounts.ts'

/** Readable by all, as Compose makes them, unless the reference gives a mode. */
const DEFAULT_MODE = 0o444

/** Copies configs and secrets that have content of their own, rather than a file on the host, into a container. */
export async function copyContents(engine: Engine, container: string, stack: Stack, service: Service): Promise<void> {
  const files = fileReferences(stack, service).flatMap(({ reference: { uid, gid, mode, target }, source }) => {
    if (source === undefined || !('content' in source)) return []
    const { content } = source
    return [{ target, content, uid: Number(uid ?? 0), gid: Number(gid ?? 0), mode: mode ?? DEFAULT_MODE }]
  })
  if (files.length === 0) return
  // Few stacks have any.
  const { contentsArchive } = await import('./contents-archive.ts')
  await engine.containers.putArchive(container, '/', await contentsArchive(files))
}
