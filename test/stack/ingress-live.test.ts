import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSelfSignedCertificate } from '../../src/core/stack/certificate.ts'
import {
  certificateFiles,
  type IngressInput,
  ingressFiles,
  reloadCommand,
  type Upstreams,
} from '../../src/core/stack/ingress/index.ts'
import { MOUNT } from '../../src/core/stack/ingress/ingress.ts'

const certificate = createSelfSignedCertificate(['localhost', 'lab.example.org'], new Date())

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Ask {
  readonly port: number
  readonly path: string
  readonly host?: string
  readonly plain?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  readonly body?: string
}

function ask({
  port,
  path,
  host = 'lab.example.org',
  plain = false,
  headers = {},
  method = 'GET',
  body,
}: Ask): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const options = {
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { host: `${host}:${port}`, ...headers },
    agent: false,
  }
  const answered = (response: IncomingMessage): void => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
    })
  }
  const call = plain
    ? httpRequest(options, answered)
    : httpsRequest({ ...options, servername: host, ca: certificate.certificate }, answered)
  call.on('error', reject)
  call.end(body)
  return promise
}

/** A service behind the ingress: says who it is and what it was asked, counts what is uploaded, answers upgrades. */
class Upstream {
  readonly name: string
  readonly server: Server
  received = 0
  readonly waiting: (() => void)[] = []

  constructor(name: string) {
    this.name = name
    this.server = createServer((incoming, response) => {
      if (incoming.url === '/slow') {
        this.waiting.push(() => response.end(`${this.name} at last`))
        return
      }
      if (incoming.url === '/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
        this.waiting.push(() => response.end())
        return
      }
      if (incoming.method !== 'POST') {
        response.end(JSON.stringify({ name, url: incoming.url, headers: incoming.headers }))
        return
      }
      incoming.on('data', (chunk: Buffer) => {
        this.received += chunk.length
      })
      incoming.on('end', () => response.end('done'))
    })
    this.server.on('upgrade', (_incoming, socket: Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      socket.pipe(socket)
    })
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return portOf(this.server)
  }
}

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

/** The command runs where the program is; the paths of the container are those of a temporary directory here. */
class RunningIngress {
  readonly kind: 'caddy' | 'nginx'
  readonly directory = mkdtempSync(join(tmpdir(), 'ddalab-ingress-'))
  readonly health: number
  child: ChildProcess | undefined
  output = ''

  constructor(kind: 'caddy' | 'nginx', health: number) {
    this.kind = kind
    this.health = health
  }

  here(text: string): string {
    return text
      .replaceAll(`${MOUNT}`, this.directory)
      .replaceAll('/run/', `${this.directory}/`)
      .replaceAll('61080', String(this.health))
      .replaceAll('access_log /dev/stdout', 'access_log off')
  }

  write(input: IngressInput, upstreams: Upstreams, former: Upstreams = {}): void {
    for (const { path, content } of [
      ...ingressFiles(this.kind, input, upstreams, former),
      ...certificateFiles(this.kind, certificate),
    ]) {
      const file = join(this.directory, path.replace(/^ingress\//, ''))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, this.here(content))
    }
  }

  async start(command: readonly string[]): Promise<void> {
    const [program = '', ...words] = command.map((word) => this.here(word))
    this.child = spawn(program, words, {
      env: { ...process.env, HOME: this.directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk))
    await vi.waitFor(
      async () => {
        const { status } = await ask({ port: this.health, path: '/', plain: true }).catch((cause: unknown) => {
          throw new Error(`${program} does not answer: ${this.output}`, { cause })
        })
        expect(status).toBe(200)
      },
      { timeout: 20_000, interval: 50 },
    )
  }

  reload(): void {
    const [program = '', ...words] = (reloadCommand(this.kind) ?? []).map((word) => this.here(word))
    execFileSync(program, words, { env: { ...process.env, HOME: this.directory }, stdio: 'pipe' })
  }

  async stop(): Promise<void> {
    if (this.child !== undefined && this.child.exitCode === null) {
      this.child.kill('SIGTERM')
      await once(this.child, 'exit')
    }
    rmSync(this.directory, { recursive: true, force: true })
  }
}

const commands = {
  caddy: ['caddy', 'run', '--config', `${MOUNT}/Caddyfile`, '--adapter', 'caddyfile'],
  nginx: ['nginx', '-c', `${MOUNT}/nginx.conf`, '-g', 'daemon off;'],
} as const
const validate = {
  caddy: ['caddy', 'validate', '--config', `${MOUNT}/Caddyfile`, '--adapter', 'caddyfile'],
  nginx: ['nginx', '-t', '-c', `${MOUNT}/nginx.conf`],
} as const

const installed = (program: string): boolean =>
  spawnSync(program, [program === 'nginx' ? '-v' : 'version']).error === undefined

describe.each(['caddy', 'nginx'] as const)('%s with our files', (kind) => {
  describe.skipIf(!installed(kind))('running', () => {
    const api = new Upstream('api')
    const web = new Upstream('web')
    const legacy = new Upstream('legacy')
    const next = new Upstream('next')
    let running: RunningIngress
    let input: IngressInput
    let ports: { readonly http: number; readonly https: number; readonly api: number }

    beforeAll(async () => {
      const [apiPort, webPort, legacyPort] = [await api.listen(), await web.listen(), await legacy.listen()]
      ports = { http: await freePort(), https: await freePort(), api: await freePort() }
      const route = (pathPrefix: string, port: number, strip = false, hosts = ['lab.example.org']) =>
        ({ hosts, pathPrefix, stripPrefix: strip, service: 'app', port }) as const
      input = {
        routes: [
          route('/', webPort),
          route('/api', apiPort),
          route('/web30', legacyPort, true),
          { ...route('/', apiPort, false, []), entry: 'api' },
        ],
        tls: { kind: 'files' },
        httpPort: ports.http,
        httpsPort: ports.https,
        entries: [{ name: 'api', port: ports.api }],
      }
      running = new RunningIngress(kind, await freePort())
      running.write(input, { app: ['127.0.0.1'] })
      const [program = '', ...words] = validate[kind].map((word) => running.here(word))
      const checked = spawnSync(program, words, { encoding: 'utf8' })
      expect([checked.status, checked.stderr]).toEqual([0, checked.stderr])
      await running.start(commands[kind])
    })

    afterAll(async () => {
      await running.stop()
      for (const upstream of [api, web, legacy, next]) upstream.server.closeAllConnections()
      for (const upstream of [api, web, legacy, next]) upstream.server.close()
    })

    const behind = async (path: string, port = ports.https): Promise<readonly [unknown, unknown]> => {
      const { body } = await ask({ port, path })
      const said: { readonly name: unknown; readonly url: unknown } = JSON.parse(body)
      return [said.name, said.url]
    }

    test('routes by whole segments, the longest first, and strips where told', async () => {
      expect(await behind('/')).toEqual(['web', '/'])
      expect(await behind('/api')).toEqual(['api', '/api'])
      expect(await behind('/api/x?y=1%2F2')).toEqual(['api', '/api/x?y=1%2F2'])
      expect(await behind('/apis')).toEqual(['web', '/apis'])
      expect(await behind('/web30/x?y=1')).toEqual(['legacy', '/x?y=1'])
      expect(await behind('/web30')).toEqual(['legacy', '/'])
      expect(await behind('/web301')).toEqual(['web', '/web301'])
      expect(await behind('/anything', ports.api)).toEqual(['api', '/anything'])
    })

    test('takes requests for its domain only; the API entry takes any', async () => {
      expect((await ask({ port: ports.https, path: '/', host: 'localhost' })).status).toBe(404)
      expect((await ask({ port: ports.api, path: '/', host: 'localhost' })).status).toBe(200)
    })

    test('sends plain HTTP to HTTPS, method and path kept', async () => {
      const { status, headers } = await ask({ port: ports.http, path: '/a?b=c', plain: true })
      expect([status, headers.location]).toEqual([308, `https://lab.example.org:${ports.https}/a?b=c`])
    })

    test('refuses TLS below 1.2', async () => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: ports.https,
        servername: 'lab.example.org',
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
        rejectUnauthorized: false,
      })
      const [error] = await once(socket, 'error')
      expect(String(error)).toMatch(/protocol version|handshake/i)
    })

    test('tells who asked, and does not believe what the client says of it', async () => {
      const { body } = await ask({
        port: ports.https,
        path: '/',
        headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'gopher' },
      })
      expect(JSON.parse(body)).toMatchObject({
        headers: {
          host: `lab.example.org:${ports.https}`,
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'https',
          'x-forwarded-host': `lab.example.org:${ports.https}`,
        },
      })
    })

    test('lets web sockets through', async () => {
      const socket = connectTls({
        host: '127.0.0.1',
        port: ports.https,
        servername: 'lab.example.org',
        ca: certificate.certificate,
        ALPNProtocols: ['http/1.1'],
      })
      await once(socket, 'secureConnect')
      socket.write('GET /socket HTTP/1.1\r\nHost: lab.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      expect(String((await once(socket, 'data'))[0])).toContain('101 Switching Protocols')
      socket.write('ping')
      expect(String((await once(socket, 'data'))[0])).toBe('ping')
      socket.destroy()
    })

    test('hands uploads on as they come, of any size', async () => {
      const call = httpsRequest({
        host: '127.0.0.1',
        port: ports.https,
        path: '/api/upload',
        method: 'POST',
        headers: { host: 'lab.example.org' },
        servername: 'lab.example.org',
        ca: certificate.certificate,
        agent: false,
      })
      const answered = once(call, 'response')
      call.write('first')
      await expect.poll(() => api.received, { timeout: 10_000 }).toBe(5)
      const large = Buffer.alloc(8 * 1024 * 1024)
      for (let count = 0; count < 8; count++) {
        if (!call.write(large)) await once(call, 'drain')
      }
      call.end()
      const [response]: IncomingMessage[] = await answered
      response?.resume()
      await expect.poll(() => api.received, { timeout: 30_000 }).toBe(5 + 8 * large.length)
      expect(response?.statusCode).toBe(200)
    })

    test('hands answers on as they come', async () => {
      const call = httpsRequest({
        host: '127.0.0.1',
        port: ports.https,
        path: '/events',
        headers: { host: 'lab.example.org' },
        servername: 'lab.example.org',
        ca: certificate.certificate,
        agent: false,
      })
      call.end()
      const [response]: IncomingMessage[] = await once(call, 'response')
      if (response === undefined) throw new Error('no response')
      expect(String((await once(response, 'data'))[0])).toBe('data: first\n\n')
      web.waiting.pop()?.()
      response.resume()
      await once(response, 'end')
    })

    test('switches traffic by a reload; what is in flight is finished', async () => {
      const nextPort = await next.listen()
      const slow = ask({ port: ports.https, path: '/slow' })
      await expect.poll(() => web.waiting.length, { timeout: 10_000 }).toBe(1)

      const routes = input.routes.map((route) => (route.pathPrefix === '/' ? { ...route, port: nextPort } : route))
      running.write({ ...input, routes }, { app: ['127.0.0.1'] })
      running.reload()
      await expect.poll(async () => (await behind('/'))[0], { timeout: 10_000, interval: 50 }).toBe('next')

      web.waiting[0]?.()
      expect(await slow).toMatchObject({ status: 200, body: 'web at last' })
    })

    const sendsToFormer = async () => {
      const gone = '127.0.0.3'
      running.write(input, { app: [gone] })
      running.reload()
      await expect.poll(async () => (await ask({ port: ports.https, path: '/' })).status, { interval: 50 }).toBe(502)
      running.write(input, { app: [gone] }, { app: ['127.0.0.1'] })
      running.reload()
      expect(await behind('/')).toEqual(['web', '/'])
      expect(await behind('/web30/x?y=1')).toEqual(['legacy', '/x?y=1'])
      expect(await behind('/api/x?y=1%2F2')).toEqual(['api', '/api/x?y=1%2F2'])
      const empty = { port: ports.https, path: '/api', method: 'POST', headers: { 'content-length': '0' } }
      expect(await ask(empty)).toMatchObject({ status: 200, body: 'done' })
      // Its body would be lost on the way.
      expect(await ask({ ...empty, headers: { 'content-length': '4' }, body: 'data' })).toMatchObject({ status: 502 })
    }
    // Caddy waits instead until what serves is back, or the verdict has sent requests back.
    if (kind === 'nginx') {
      test('sends what new containers are not there to take to those that served before', sendsToFormer)
    }

    test('keeps its administration off the network', async () => {
      const socket = connectTcp({ host: '127.0.0.1', port: 2019 })
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })
  })
})
