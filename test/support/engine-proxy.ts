import { rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { aFolder } from '../cli/temporary.ts'

/** The way to an engine, which can be cut: its containers run on, and nobody is told. */
export interface EngineProxy {
  /** Address as in DOCKER_HOST. */
  readonly host: string
  /** Breaks all connections, and refuses new ones until `mend`. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

export async function engineProxy(host: string): Promise<EngineProxy> {
  const engine = new URL(host).pathname
  const socket = join(aFolder(), 'engine.sock')
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) return void client.destroy()
    const onward = connect({ path: engine, allowHalfOpen: true })
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    host: `unix://${socket}`,
    cut() {
      isCut = true
      for (const one of open) one.destroy()
    },
    mend() {
      isCut = false
    },
    async close() {
      for (const one of open) one.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(socket, { force: true })
    },
  }
}
