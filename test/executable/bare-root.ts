import { execFile } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { aFolder } from '../cli/temporary.ts'

const run = promisify(execFile)

/** A file system with the executable, the libraries of the system that it is linked with, and nothing else. */
export async function bareRoot(executable: string): Promise<string> {
  const root = aFolder()
  await copyFile(executable, join(root, 'ddalab'))
  const { stdout } = await run('ldd', [executable])
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await copyFile(library, join(root, library))
  }
  await mkdir(join(root, 'home'))
  return root
}

/** The socket of an engine as an address that is the same in every file system, as in DOCKER_HOST. */
export async function overTcp(host: string): Promise<string> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const onward = connect({ path: new URL(host).pathname, allowHalfOpen: true })
    client.pipe(onward).pipe(client)
    for (const one of [client, onward]) {
      open.add(one)
      one.on('error', () => one.destroy()).on('close', () => open.delete(one))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const one of open) one.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the way to the engine has no port')
  return `tcp://127.0.0.1:${address.port}`
}
