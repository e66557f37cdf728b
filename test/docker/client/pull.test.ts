import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ApiBody,
  type Engine,
  type LayerProgress,
  parseReference,
  pullImage,
  registryAuth,
  runCredentialHelper,
} from '../../../src/core/providers/docker/client/index.ts'
import { lab, labImages, throwAwayEngine } from '../../lab/lab.ts'
import { connectTo, noDelay } from './support.ts'

/** A folder with the Docker CLI's configuration after `docker login`. */
function loggedIn(registry: string, { user, password }: { readonly user: string; readonly password: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'ddalab-login-'))
  const auth = Buffer.from(`${user}:${password}`).toString('base64')
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }), { mode: 0o600 })
  return folder
}

const authIn = (folder: string, registry: string) =>
  registryAuth(registry, {
    folder,
    platform: process.platform,
    read: (path) => readFile(path, 'utf8'),
    runHelper: runCredentialHelper,
  })

/** An engine that tells these lines about every pull, one list per attempt. */
function telling(...attempts: readonly (readonly (string | object)[])[]) {
  const queries: ApiBody[] = []
  const pull = async (query: ApiBody) => {
    const lines = attempts[Math.min(queries.length, attempts.length - 1)] ?? []
    queries.push(query)
    return Readable.from(
      lines.map((line) => Buffer.from(typeof line === 'string' ? line : `${JSON.stringify(line)}\r\n`)),
    )
  }
  return { queries, engine: { images: { pull, inspect: async () => undefined } } }
}

describe('what the engine tells about a pull', () => {
  const done = { status: 'Status: Downloaded newer image for a/b:1' }
  const attempt = async (...attempts: readonly (readonly (string | object)[])[]) => {
    const { engine, queries } = telling(...attempts)
    const { delay, asked } = noDelay()
    const result = pullImage(engine, 'registry.example/a/b:1', { delay })
    await result.catch(() => undefined)
    return { result, queries, asked }
  }
  const failure = (message: string) => ({ errorDetail: { message }, error: message })

  it.each([
    ['manifest for a/b:1 not found: manifest unknown: manifest unknown', 'IMAGE_NOT_FOUND'],
    ['pull access denied for a/b, repository does not exist or may require authorization', 'REGISTRY_DENIED'],
    ['unauthorized: authentication required', 'REGISTRY_DENIED'],
    ['toomanyrequests: You have reached your pull rate limit', 'REGISTRY_DENIED'],
    ['no matching manifest for linux/arm64 in the manifest list entries', 'IMAGE_WRONG_PLATFORM'],
    ['failed to register layer: write /big: no space left on device', 'DISK_FULL'],
    ['Get "https://r/v2/": dial tcp: lookup r: no such host', 'REGISTRY_UNREACHABLE'],
    ['Get "https://r/v2/": net/http: TLS handshake timeout', 'REGISTRY_UNREACHABLE'],
    ['filesystem layer verification failed for digest sha256:1', 'PULL_FAILED'],
  ])('rule 15: "%s" inside of a 200 is %s', async (message, code) => {
    const { result } = await attempt([{ status: 'Pulling from a/b', id: '1' }, failure(message)])
    await expect(result).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('is tried again, a few times and with pauses, when the way to the registry fails', async () => {
    const lost = [failure('read: connection reset by peer')]
    const recovered = await attempt(lost, [{ status: 'Digest: sha256:abc' }, done])
    expect(await recovered.result).toBe('sha256:abc')
    expect(recovered.asked).toEqual([1_000])
    const hopeless = await attempt(lost)
    await expect(hopeless.result).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    expect(hopeless.asked).toEqual([1_000, 3_000])
    const refused = await attempt([failure('denied: no')])
    await expect(refused.result).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
    expect(refused.asked).toEqual([])
  })

  it('rule 32: has an end that is told; a story that breaks off is no success', async () => {
    const begun = { status: 'Downloading', id: 'aa', progressDetail: { current: 1, total: 2 } }
    for (const lines of [[begun], [begun, '{"status":"Down']]) {
      await expect((await attempt(lines)).result).rejects.toMatchObject({ code: 'ENGINE_GONE' })
    }
  })

  it('becomes progress by layer', async () => {
    const { engine } = telling([
      { status: 'Pulling from a/b', id: '1' },
      { status: 'Pulling fs layer', id: 'aa' },
      { status: 'Already exists', id: 'bb' },
      { status: 'Downloading', id: 'aa', progressDetail: { current: 5, total: 10 } },
      { status: 'Download complete', id: 'aa' },
      { status: 'Extracting', id: 'aa', progressDetail: { current: 3, total: 10 } },
      { status: 'Pull complete', id: 'aa' },
      done,
    ])
    const told: string[] = []
    const onProgress = (layers: readonly LayerProgress[]) =>
      told.push(layers.map(({ id, status, current, total }) => `${id} ${status} ${current}/${total}`).join(', '))
    await pullImage(engine, 'a/b:1', { delay: noDelay().delay, onProgress })
    expect(told).toEqual([
      'aa Pulling fs layer 0/0',
      'aa Pulling fs layer 0/0, bb Already exists 0/0',
      'aa Downloading 5/10, bb Already exists 0/0',
      'aa Download complete 10/10, bb Already exists 0/0',
      'aa Extracting 3/10, bb Already exists 0/0',
      'aa Pull complete 10/10, bb Already exists 0/0',
    ])
  })
})

describe('image references', () => {
  it.each([
    ['busybox', 'docker.io', 'busybox', 'latest'],
    ['busybox:1.36', 'docker.io', 'busybox', '1.36'],
    ['team/app:2', 'docker.io', 'team/app', '2'],
    ['registry.example/app', 'registry.example', 'registry.example/app', 'latest'],
    ['localhost/app:1', 'localhost', 'localhost/app', '1'],
    ['127.0.0.1:5000/a/b:1', '127.0.0.1:5000', '127.0.0.1:5000/a/b', '1'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000', '127.0.0.1:5000/a/b', 'latest'],
    ['r.example/a:1@sha256:ff', 'r.example', 'r.example/a', 'sha256:ff'],
  ])('%s is of %s', (reference, registry, name, tagOrDigest) => {
    expect(parseReference(reference)).toEqual({ registry, name, tagOrDigest })
  })
})

const docker = (host: string, ...words: readonly string[]) =>
  promisify(execFile)(lab.docker, words, { env: { ...process.env, DOCKER_HOST: host } })

describe.skipIf(!lab.available || lab.registry.address === '').each(lab.engines)(
  'pulls by Engine $version',
  ({ host, name }) => {
    const repository = `client-pull-${name}`
    let engine: Engine
    let proxy: Server
    let proxied: string
    /** What becomes of requests to the registry, by the path of the request; undefined passes them on. */
    let fault: (path: string) => 'cut' | 'drop' | number | undefined

    const push = async (registry: string) => {
      await docker(host, 'tag', labImages.busybox, `${registry}/${repository}:1`)
      await docker(host, 'push', `${registry}/${repository}:1`)
      await forget(registry)
    }
    /** The image is not of this engine any more; its layers may be. */
    const forget = (registry: string) => docker(host, 'rmi', `${registry}/${repository}:1`)

    beforeAll(async () => {
      engine = await connectTo(host)
      fault = () => undefined
      const [hostname, port] = lab.registry.address.split(':')
      proxy = createServer((asked, answer) => {
        const wanted = fault(asked.url ?? '')
        if (wanted === 'drop') return void asked.socket.destroy()
        if (typeof wanted === 'number') return void answer.writeHead(wanted).end()
        const onward = request(
          { hostname, port, path: asked.url, method: asked.method, headers: asked.headers },
          (got) => {
            answer.writeHead(got.statusCode ?? 500, got.headers)
            if (wanted === 'cut')
              got.once('data', (chunk: Buffer) => answer.write(chunk.subarray(0, 100), () => answer.destroy()))
            else got.pipe(answer)
          },
        )
        asked.pipe(onward)
      })
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
      const address = proxy.address()
      proxied = `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
    })
    afterAll(async () => {
      const registries = [lab.registry, lab.privateRegistry].map(({ address }) => address)
      for (const registry of [...registries, proxied]) await engine.images.remove(`${registry}/${repository}:1`)
      engine.close()
      await new Promise((resolve) => {
        proxy.close(resolve)
        proxy.closeAllConnections()
      })
    })

    const pull = async (reference: string, options: Partial<Parameters<typeof pullImage>[2]> = {}) => {
      const { delay, asked } = noDelay()
      const digest = await pullImage(engine, reference, { delay, ...options }).finally(() => undefined)
      return { digest, asked }
    }

    it('rule 16: give the digest the registry has', async () => {
      await push(lab.registry.address)
      const reference = `${lab.registry.address}/${repository}:1`
      const { digest } = await pull(reference)
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect((await engine.images.inspect(reference))?.RepoDigests).toContain(
        `${lab.registry.address}/${repository}@${digest}`,
      )
      expect((await engine.images.distribution(reference)).Descriptor.digest).toBe(digest)
      expect((await pull(reference)).digest).toBe(digest)
      await forget(lab.registry.address)
      await pull(`${lab.registry.address}/${repository}@${digest}`)
      await docker(host, 'rmi', `${lab.registry.address}/${repository}@${digest}`)
    })

    it('say what is not there: the tag, the platform, the registry', async () => {
      const { address } = lab.registry
      await expect(pull(`${address}/${repository}:none`)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' })
      await expect(pull(`${address}/no-such-repository:1`)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' })
      await expect(pull(`${address}/${repository}:1`, { platform: 'linux/s390x' })).rejects.toMatchObject({
        code: 'IMAGE_WRONG_PLATFORM',
      })
      await expect(pull('127.0.0.1:1/nobody/listens:1')).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    })

    it('rule 21: show credentials to a registry that asks for them', async () => {
      const { address, credentials } = lab.privateRegistry
      if (credentials === null) throw new Error('the private registry has no credentials')
      const folders = [loggedIn(address, credentials), loggedIn(address, { ...credentials, password: 'wrong' })]
      const [right, wrong] = await Promise.all(folders.map((folder) => authIn(folder, address)))
      const reference = `${address}/${repository}:1`
      await engine.images.tag(labImages.busybox, `${address}/${repository}`, '1')
      await docker(host, '--config', folders[0] ?? '', 'push', reference)
      await forget(address)
      await expect(pull(reference)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
      await expect(pull(reference, wrong)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
      await expect(engine.images.distribution(reference)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
      await pull(reference, right)
      expect(await engine.images.distribution(reference, right?.auth)).toMatchObject({
        Descriptor: { digest: expect.stringMatching(/^sha256:/) },
      })
      await forget(address)
      for (const folder of folders) rmSync(folder, { recursive: true })
    })

    it('survive a registry that drops a connection, and end when it keeps doing so', async () => {
      const reference = `${proxied}/${repository}:1`
      let drops = 0
      fault = (path) => {
        if (path.includes('/manifests/')) drops += 1
        return path.includes('/manifests/') && drops <= 2 ? 'drop' : undefined
      }
      await pull(reference)
      expect(drops).toBeGreaterThan(1)
      await forget(proxied)
      fault = () => 'drop'
      await expect(pull(reference)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
      fault = () => 503
      await expect(pull(reference)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
      fault = () => 403
      await expect(pull(reference)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
    })

    it('go on where a layer broke off, and tell its progress', async () => {
      const image = `${repository}-layer`
      const local = `${lab.registry.address}/${image}:1`
      await docker(
        host,
        'run',
        '--name',
        image,
        labImages.busybox,
        'dd',
        'if=/dev/urandom',
        'of=/file',
        'bs=1M',
        'count=3',
      )
      await docker(host, 'commit', image, local)
      await docker(host, 'rm', image)
      await docker(host, 'push', local)
      await docker(host, 'rmi', local)
      const cut = new Set<string>()
      fault = (path) => {
        if (!path.includes('/blobs/') || cut.has(path)) return undefined
        cut.add(path)
        return 'cut'
      }
      const told: LayerProgress[] = []
      await pull(`${proxied}/${image}:1`, { onProgress: (layers) => told.push(...layers) })
      await engine.images.remove(`${proxied}/${image}:1`)
      expect(cut.size).toBeGreaterThan(0)
      expect(told.some(({ status }) => status.startsWith('Retrying'))).toBe(true)
      expect(told.some(({ status, current, total }) => status === 'Downloading' && current > 0 && total > 3e6)).toBe(
        true,
      )
    })

    it('end at once when the signal fires', async () => {
      const controller = new AbortController()
      fault = () => {
        controller.abort()
        return 'drop'
      }
      await expect(pull(`${proxied}/${repository}:1`, { signal: controller.signal })).rejects.toMatchObject({
        code: 'INTERRUPTED',
      })
    })
  },
)

describe.skipIf(!lab.available || process.getuid?.() !== 0)('a pull onto a full disk', () => {
  it('rule 44: says so', async () => {
    const big = `${lab.registry.address}/client-pull-big:1`
    const [full] = lab.engines
    if (full === undefined) throw new Error('the lab has no engine')
    // Zeros: small on the way, 100 MB where they are unpacked.
    await docker(
      full.host,
      'run',
      '--name',
      'client-pull-big',
      labImages.busybox,
      'dd',
      'if=/dev/zero',
      'of=/big',
      'bs=1M',
      'count=100',
    )
    await docker(full.host, 'commit', 'client-pull-big', big)
    await docker(full.host, 'push', big)
    await docker(full.host, 'rm', 'client-pull-big')
    await docker(full.host, 'rmi', big)
    const small = await throwAwayEngine('client-pull-full', { disk: '64m' })
    try {
      const engine = await connectTo(small.host)
      await expect(pullImage(engine, big, { delay: noDelay().delay })).rejects.toMatchObject({ code: 'DISK_FULL' })
      engine.close()
    } finally {
      await small.remove()
    }
  })
})
