import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, get as httpGet } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalReads } from '../../../src/core/providers/docker/client/local-reads.ts'
import { bytesOf, cutAt, sent } from './sent-answers.ts'

const SAYS_OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK'

let folder: string
let path: string
let server: Server | undefined
let reads: LocalReads
const sockets = new Set<Socket>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ddalab-reads-'))
  path = join(folder, 'engine.sock')
  reads = new LocalReads(path)
})
afterEach(async () => {
  reads.close()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function listen<S extends Server>(listening: S): Promise<S> {
  server = listening.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => listening.listen(path, resolve))
  return listening
}

/** Answers by what it is told of: which connection, which request on it. */
function answering(answer: (socket: Socket, connection: number, request: number) => void): Promise<Server> {
  let connections = 0
  return listen(
    createServer((socket) => {
      const connection = connections
      connections += 1
      let requests = 0
      socket.on('data', () => {
        answer(socket, connection, requests)
        requests += 1
      })
    }),
  )
}

describe('reading from the engine of this machine', () => {
  it('reads what node:http reads', async () => {
    let parts: readonly Buffer[] = []
    let endsThen = false
    await answering((socket) => {
      for (const part of parts) socket.write(part)
      if (endsThen) socket.end()
    })
    const byNode = () =>
      new Promise<object>((resolve, reject) => {
        httpGet({ socketPath: path, path: '/x', agent: false }, (response) => {
          const { statusCode: status, statusMessage: reason } = response
          text(response).then((body) => resolve({ status, reason, text: body }), reject)
        }).on('error', reject)
      })
    await fc.assert(
      fc.asyncProperty(sent, fc.array(fc.nat({ max: 400 }), { maxLength: 4 }), async (answer, cuts) => {
        parts = cutAt(bytesOf(answer), cuts)
        endsThen = answer.framing.kind === 'until end'
        const { status, reason, text: body } = await reads.get('/x')
        expect({ status, reason, text: body }).toEqual(await byNode())
      }),
      { numRuns: 60 },
    )
  })

  it('asks as HTTP wants it, over connections that it keeps: as many as are needed at once', async () => {
    const asked: string[] = []
    let connections = 0
    const http = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`)
      response.end(request.url)
    })
    await listen(http.on('connection', () => (connections += 1)))
    for (const target of ['/_ping', '/v1.44/containers/json?all=true']) {
      expect(await reads.get(target)).toMatchObject({ status: 200, text: target, keepsOpen: true })
    }
    expect(connections).toBe(1)
    const answers = await Promise.all(['/a', '/b', '/c'].map((target) => reads.get(target)))
    expect(answers.map((answer) => answer.text)).toEqual(['/a', '/b', '/c'])
    expect(connections).toBe(3)
    expect(asked).toHaveLength(5)
    expect(asked[1]).toBe('GET /v1.44/containers/json?all=true docker')
  })

  it('reads again what a kept connection that had gone did not answer, once', async () => {
    await answering((socket, connection, request) => {
      if (connection === 0 && request === 1) socket.destroy()
      else socket.write(SAYS_OK)
    })
    expect(await reads.get('/1')).toMatchObject({ text: 'OK' })
    expect(await reads.get('/2')).toMatchObject({ text: 'OK' })
  })

  it('reads again what it could not even ask on a connection that had gone', async () => {
    await answering((socket) => socket.write(SAYS_OK))
    await reads.get('/1')
    // Writing fails before the end of the connection is seen.
    for (const socket of sockets) socket.destroy()
    expect(await reads.get('/2')).toMatchObject({ text: 'OK' })
  })

  it('does not read again where the engine had begun to answer, or where the connection was new', async () => {
    const asked: number[] = []
    await answering((socket, connection, request) => {
      asked.push(connection)
      if (request === 0 && connection === 0) socket.write(SAYS_OK)
      else if (request === 1) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far')
      else socket.destroy()
    })
    await reads.get('/1')
    await expect(reads.get('/2')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await expect(reads.get('/3')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(asked).toEqual([0, 0, 1])
  })

  it('takes no connection again that says more than it was asked', async () => {
    const seen: number[] = []
    await answering((socket, connection) => {
      seen.push(connection)
      socket.write(`${SAYS_OK}more`)
    })
    await reads.get('/1')
    await reads.get('/2')
    expect(seen).toEqual([0, 1])
  })

  it('stops when it is told to: before it asks, and while it waits, without asking again', async () => {
    let requests = 0
    await answering((socket, _connection, request) => {
      requests += 1
      if (request === 0) socket.write(SAYS_OK)
    })
    await reads.get('/1')
    const late = new AbortController()
    const waiting = reads.get('/2', late.signal)
    const reason = new Error('the deadline')
    late.abort(reason)
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason })
    await expect(reads.get('/3', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(requests).toBeLessThanOrEqual(2)
    // Another is asked on a connection of its own.
    expect(await reads.get('/4')).toMatchObject({ text: 'OK' })
  })

  it('fails what is under way when it is closed', async () => {
    const asked = Promise.withResolvers<void>()
    await answering(() => asked.resolve())
    const waiting = reads.get('/events-never')
    waiting.catch(() => undefined)
    await asked.promise
    reads.close()
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('refuses a path that would end its line', async () => {
    for (const target of ['/a b', '/a\r\nX: y', '/a\n', '/ü'])
      await expect(reads.get(target)).rejects.toMatchObject({ code: 'ERR_UNESCAPED_CHARACTERS' })
  })

  it('says why it reaches nobody', async () => {
    await expect(reads.get('/_ping')).rejects.toMatchObject({ code: 'ENOENT' })
    await answering((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n'))
    await expect(reads.get('/_ping')).rejects.toThrow('no HTTP: "SSH-2.0-OpenSSH_9.6"')
  })

  it('keeps no program alive with the connections that it keeps', async () => {
    await answering((socket) => socket.write(SAYS_OK))
    const source = pathToFileURL(join(import.meta.dirname, '../../../src/core/providers/docker/client/local-reads.ts'))
    const program = `import { LocalReads } from ${JSON.stringify(source.href)}
      console.log((await new LocalReads(${JSON.stringify(path)}).get('/')).text)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
    expect(stdout.trim()).toBe('OK')
  })
})
