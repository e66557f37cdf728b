import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Answer {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | Uint8Array
}

/** A server of the test's own, which says what the test wants: an answer, nothing at all, or a connection that drops. */
export interface WebServer {
  /** `127.0.0.1:port`. */
  readonly address: string
  /** Method, path and the credentials of every request, in order. */
  readonly asked: { readonly method: string; readonly path: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

export type Said = Answer | 'silent' | 'drop' | 'cut'

export async function webServer(
  say: (path: string, request: IncomingMessage) => Said | Promise<Said>,
): Promise<WebServer> {
  const asked: { method: string; path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push({ method: request.method ?? '', path, authorization: request.headers.authorization })
    void Promise.resolve(say(path, request)).then((said) => answer(said, request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = server.address()
  return {
    address: `127.0.0.1:${place !== null && typeof place === 'object' ? place.port : 0}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(said: Said, request: IncomingMessage, response: ServerResponse): void {
  if (said === 'silent') return
  if (said === 'drop') return void request.socket.destroy()
  if (said === 'cut') {
    response.writeHead(200, { 'content-length': '100000' })
    response.write('{', () => request.socket.destroy())
    return
  }
  response.writeHead(said.status ?? 200, { ...said.headers }).end(said.body ?? '')
}
