import { createServer, request, type Server } from 'node:http'
import { lab } from '../../lab/lab.ts'

/** What becomes of a request: passed on when absent; no answer at all; the connection dropped; another content; a status. */
export type Fault = 'silent' | 'drop' | 'corrupt' | number | undefined

/** The lab's registry behind a proxy with faults. Engines reach it without TLS, because it is on a loopback address. */
export interface FaultyRegistry {
  /** `host:port`, the first part of a reference. */
  readonly address: string
  /** Resolves when a request whose path holds this text has arrived. */
  asked(text: string): Promise<void>
  close(): Promise<void>
}

export async function faultyRegistry(faultOf: (path: string) => Fault): Promise<FaultyRegistry> {
  const [hostname, port] = lab.registry.address.split(':')
  const seen: string[] = []
  const waiting = new Set<() => void>()
  const server = createServer((asked, answer) => {
    const path = asked.url ?? ''
    seen.push(path)
    for (const look of waiting) look()
    const fault = faultOf(path)
    if (fault === 'silent') return
    if (fault === 'drop') return void asked.socket.destroy()
    if (typeof fault === 'number') return void answer.writeHead(fault).end()
    const { method, headers } = asked
    const onward = request({ hostname, port, path, method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers)
      if (fault === undefined) got.pipe(answer)
      else got.on('data', (chunk: Buffer) => answer.write(chunk.map((byte) => byte ^ 1))).on('end', () => answer.end())
    })
    asked.pipe(onward)
  })
  const address = await listen(server)
  return {
    address,
    asked: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (seen.some((path) => path.includes(text))) resolve()
        }
        waiting.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}
