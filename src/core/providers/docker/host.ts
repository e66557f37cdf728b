import { access, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { systemCode } from '../../errors.ts'
import { readFileIfExists } from '../../files.ts'
import type { Port } from '../../stack/model.ts'
import type { PortHolder } from './observation.ts'
import { listeningProcess } from './port-holder.ts'

/** The questions that planning has about the host itself. Asked only where engine and program share it (rule 40). */

/** Paths that do not exist. A path we may not look at counts as existing: the engine may see more than we do. */
export async function missingPaths(paths: readonly string[]): Promise<readonly string[]> {
  const missing = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => false,
        (error) => systemCode(error) === 'ENOENT',
      ),
    ),
  )
  return paths.filter((_, index) => missing[index])
}

/** Ports that cannot be bound because something listens there. What we may not bind (low ports) is not known to be taken. */
export async function heldPorts(ports: readonly Port[]): Promise<readonly PortHolder[]> {
  const held = await Promise.all(ports.map(async (port) => ((await isTaken(port)) ? [port] : [])))
  return Promise.all(
    held.flat().map(async (port) => {
      const holder = await listeningProcess(Number(port.published))
      return holder === undefined ? { port } : { port, holder }
    }),
  )
}

/** Only TCP can be asked this way; a UDP port is left to the engine. */
function isTaken({ published, hostIp, protocol }: Port): Promise<boolean> {
  if (protocol !== 'tcp') return Promise.resolve(false)
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(systemCode(error) === 'EADDRINUSE'))
    server.listen({ port: Number(published), host: hostIp ?? '0.0.0.0', exclusive: true }, () => {
      server.close(() => resolve(false))
    })
  })
}

/** The texts of the files below a directory, null for one that is not there. FILE_NOT_READABLE. */
export async function fileTexts(
  directory: string,
  paths: readonly string[],
): Promise<{ readonly [path: string]: string | null }> {
  const texts = paths.map(async (path) => [path, (await readFileIfExists(join(directory, path))) ?? null] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/** Free bytes of the file system that holds a path; undefined where that cannot be told. */
export async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return undefined
  }
}
