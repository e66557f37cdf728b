import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'

/** A connection that was upgraded, as a WebSocket is. */
export interface Upgraded {
  /** What was said first. */
  readonly greeting: string
  /** What comes back for a line; rejects when the connection is closed. */
  echo(line: string): Promise<string>
  /** Resolves when the other side has closed it. */
  readonly closed: Promise<void>
  close(): void
}

export async function upgraded(port: number, path: string): Promise<Upgraded> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  const asked = request({ host: '127.0.0.1', port, path, headers, agent: false })
  asked.end()
  const [, socket, head] = await once(asked, 'upgrade')
  socket.unshift(head)
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(() => undefined)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the connection was closed')
    return value
  }
  const greeting = await next()
  return {
    greeting,
    closed,
    echo(line) {
      socket.write(`${line}\n`)
      return next()
    },
    close: () => socket.destroy(),
  }
}
