import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer, connect as dial, type Server as NetServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseHost } from '../../../src/core/providers/docker/client/endpoint.ts'
import { connect, type Endpoint, type Engine } from '../../../src/core/providers/docker/client/index.ts'
import { lab } from '../../lab/lab.ts'
import { makeCertificates } from './certificates.ts'
import { freePort, type SshServer, sshServerMissing, startSshServer } from './ssh-server.ts'
import { connectTo, removeAll, runBusybox } from './support.ts'

const socketOf = (host: string) => host.replace('unix://', '')

async function listen<S extends NetServer>(server: S, where: string | number): Promise<S> {
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve)
    else server.listen(where, '127.0.0.1', resolve)
  })
  return server
}

/** Joins a connection with the engine's socket. */
function bridge(socket: Socket, host: string): void {
  const engine = dial(socketOf(host))
  socket.pipe(engine).pipe(socket)
  socket.on('error', () => engine.destroy())
  engine.on('error', () => socket.destroy())
}

describe('connecting', () => {
  let folder: string
  let servers: (Server | NetServer)[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ddalab-connect-'))
    servers = []
  })
  afterEach(async () => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    rmSync(folder, { recursive: true, force: true })
  })

  /** Something that answers as an engine might, on a socket of its own. */
  async function answering(name: string, listener: RequestListener): Promise<Endpoint> {
    const path = join(folder, name)
    servers.push(await listen(createHttpServer(listener), path))
    return { kind: 'unix', path, source: 'the test' }
  }

  const offering = (version: string | undefined) =>
    answering(`api-${version}`, (_request, response) => {
      if (version !== undefined) response.setHeader('Api-Version', version)
      response.end('OK')
    })

  it('rule 45: agrees on the older of both versions, and refuses what is older than 20.10', async () => {
    const agreed = async (version: string) => {
      const engine = await connect([await offering(version)], 'linux')
      engine.close()
      return engine.apiVersion
    }
    expect(await agreed('1.41')).toBe('1.41')
    expect(await agreed('1.44')).toBe('1.44')
    expect(await agreed('1.99')).toBe('1.51')
    await expect(agreed('1.40')).rejects.toMatchObject({ code: 'ENGINE_TOO_OLD' })
    await expect(connect([await offering(undefined)], 'linux')).rejects.toMatchObject({ code: 'ENGINE_TOO_OLD' })
  })

  it('says where it looked when no engine is there, and how to start one here', async () => {
    const none: Endpoint = { kind: 'unix', path: join(folder, 'none.sock'), source: 'the default socket' }
    await expect(connect([none], 'linux')).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/none\.sock \(the default socket\): there is no such socket$/),
      options: { hint: expect.stringContaining('systemctl start docker') },
    })
    await expect(connect([none], 'darwin')).rejects.toMatchObject({
      options: { hint: expect.stringContaining('Docker Desktop') },
    })
    await expect(connect([none, { ...none, path: join(folder, 'two.sock') }], 'linux')).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      options: { details: [expect.stringContaining('none.sock'), expect.stringContaining('two.sock')] },
    })
    const port = await freePort()
    await expect(connectTo(`tcp://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining('nothing listens there'),
    })
  })

  it('rule 51: takes the first of the usual places where an engine answers', async () => {
    const none: Endpoint = { kind: 'unix', path: join(folder, 'none.sock'), source: 'the default socket' }
    const engine = await connect([none, await offering('1.43')], 'linux')
    expect(engine.apiVersion).toBe('1.43')
    engine.close()
  })

  it.skipIf(process.platform === 'win32')('tells who may not use the socket what to do', async () => {
    const endpoint = await offering('1.43')
    if (endpoint.kind !== 'unix') throw new Error('a socket was expected')
    chmodSync(folder, 0)
    // Root may open every socket: the refusal is tried as another user.
    const seteuid = process.getuid?.() === 0 ? process.seteuid : undefined
    seteuid?.(65534)
    try {
      await expect(connect([endpoint], 'linux')).rejects.toMatchObject({
        code: 'ENGINE_FORBIDDEN',
        options: { hint: expect.stringContaining('usermod -aG docker') },
      })
    } finally {
      seteuid?.(0)
      chmodSync(folder, 0o700)
    }
  })

  it('gives up when the signal fires, or when an engine stays silent', async () => {
    const silent = await answering('silent', () => undefined)
    const controller = new AbortController()
    const connecting = connect([silent], 'linux', { signal: controller.signal })
    controller.abort()
    await expect(connecting).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect(connect([silent], 'linux', { patience: 10 })).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining('does not answer'),
    })
    for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections()
  })

  it('rule 32: tells a connection that breaks in mid-call from a refusal', async () => {
    const endpoint = await answering('breaking', (request, response) => {
      if (request.url === '/_ping') response.setHeader('Api-Version', '1.43').end('OK')
      else response.writeHead(200, { 'Content-Length': 100 }).write('{"half":', () => response.destroy())
    })
    const engine = await connect([endpoint], 'linux')
    await expect(engine.version()).rejects.toMatchObject({
      code: 'ENGINE_GONE',
      message: expect.stringContaining("could not ask for the engine's version"),
    })
    engine.close()
  })

  it('rule 48: DOCKER_HOST and its companions do not matter to an endpoint that is given', async () => {
    vi.stubEnv('DOCKER_HOST', 'nonsense://x y')
    vi.stubEnv('DOCKER_CERT_PATH', join(folder, 'none'))
    try {
      const engine = await connect([await offering('1.43')], 'linux')
      await engine.ping()
      engine.close()
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('reads again over a new connection when the kept one was closed meanwhile', async () => {
    let requests = 0
    const endpoint = await answering('stale', (request, response) => {
      requests += 1
      if (request.url === '/_ping') response.setHeader('Api-Version', '1.43').end('OK')
      else if (requests === 2) request.socket.destroy()
      else response.end('{"Version":"28","ApiVersion":"1.43"}')
    })
    const engine = await connect([endpoint], 'linux')
    expect(await engine.version()).toMatchObject({ Version: '28' })
    engine.close()
  })
})

describe.skipIf(!lab.available).each(lab.engines)('connecting to Engine $version', ({ name, host, version }) => {
  it('rule 45: negotiates the version both speak', async () => {
    const engine = await connectTo(host)
    const told = await engine.version()
    expect(told.Version.startsWith(version)).toBe(true)
    if (name === 'old') expect(engine.apiVersion).toBe('1.41')
    if (name === 'new') expect(engine.apiVersion).toBe('1.51')
    engine.close()
  })

  describe('rule 50: over TCP with TLS', () => {
    const { server, client } = makeCertificates()
    const stranger = makeCertificates()
    let proxy: NetServer
    let port: number
    const tcp = (tls?: Endpoint & { kind: 'tcp' } extends { tls?: infer T } ? T : never): Endpoint =>
      tls === undefined
        ? parseHost(`tcp://127.0.0.1:${port}`, 'test')
        : parseHost(`tcp://127.0.0.1:${port}`, 'test', tls)

    beforeAll(async () => {
      port = await freePort()
      const options = { ...server, requestCert: true, rejectUnauthorized: true }
      proxy = await listen(
        createTlsServer(options, (socket) => bridge(socket, host)),
        port,
      )
    })
    afterAll(() => proxy.close())

    it('talks to an engine whose certificate verifies, showing its own', async () => {
      const engine = await connect([tcp(client)], 'linux')
      expect((await engine.info()).OSType).toBe('linux')
      engine.close()
    })

    it('refuses an engine whose certificate is of another authority', async () => {
      await expect(connect([tcp({ ...client, ca: stranger.client.ca })], 'linux')).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        message: expect.stringContaining('No trusted connection'),
      })
      await expect(connect([tcp({})], 'linux')).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
    })

    it('says that TLS is missing, or is too much', async () => {
      await expect(connect([tcp()], 'linux')).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
      const plain = await listen(
        createServer((socket) => bridge(socket, host)),
        await freePort(),
      )
      const address = plain.address()
      const at = address !== null && typeof address === 'object' ? address.port : 0
      await expect(connect([parseHost(`tcp://127.0.0.1:${at}`, 'test', client)], 'linux')).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
      })
      plain.close()
    })
  })

  describe.skipIf(sshServerMissing !== undefined)('rule 49: over the system ssh', () => {
    let server: SshServer
    const path = process.env.PATH
    const ssh = () => parseHost(`ssh://127.0.0.1:${server.port}`, 'test')

    beforeAll(async () => {
      server = await startSshServer(lab.docker, host)
    })
    afterEach(() => vi.unstubAllEnvs())
    afterAll(() => server.stop())

    it('makes calls, streams and two-way streams', async () => {
      vi.stubEnv('PATH', `${server.clientPath}:${path}`)
      const engine: Engine = await connect([ssh()], 'linux')
      try {
        expect((await engine.version()).Version.startsWith(version)).toBe(true)
        const id = await runBusybox(engine, `client-connect-ssh-${name}`, ['sleep', '60'])
        const exec = await engine.exec.create(id, {
          AttachStdin: true,
          AttachStdout: true,
          Tty: false,
          Cmd: ['wc', '-c'],
        })
        const stream = await engine.exec.start(exec, { tty: false })
        stream.end('12345')
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk)
        expect(Buffer.concat(chunks).subarray(8).toString().trim()).toBe('5')
      } finally {
        await removeAll(engine, 'client-connect-ssh')
        engine.close()
      }
    })

    it('trusts no host whose key is not the known one, and passes on what ssh says', async () => {
      vi.stubEnv('PATH', `${server.strangerPath}:${path}`)
      await expect(connect([ssh()], 'linux')).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        options: { details: expect.arrayContaining([expect.stringMatching(/host key verification failed/i)]) },
      })
    })

    it('says when there is no ssh', async () => {
      vi.stubEnv('PATH', '/nonexistent')
      await expect(connect([ssh()], 'linux')).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        options: { hint: expect.stringContaining('openssh-client') },
      })
    })
  })
})
