import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, test } from 'vitest'
import type { Login } from '../../src/core/release/channel/login.ts'
import { openRegistry, type Registry } from '../../src/core/release/channel/registry.ts'
import { forPlatform } from '../../src/core/release/channel/registry-manifest.ts'
import { docker } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { type Said, type WebServer, webServer } from './web-server.ts'

const web = { fetch, signal: new AbortController().signal }
const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const json = (data: unknown, headers = {}): Said => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(data),
})
const descriptor = { mediaType: 'application/octet-stream', digest: sha256('x'), size: 1 }
const image = JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, config: descriptor, layers: [descriptor] })

describe.skipIf(!lab.available)('the registry of the lab', () => {
  const [host = lab.registry.address] = lab.engines.map((engine) => engine.host)
  const opened = (repository: string, registry = lab.registry.address, login?: Login) =>
    openRegistry({ registry, repository }, login, web)

  it('gives all tags, and of each what the engine would pull', async () => {
    const registry = opened('ddalab/app')
    expect(await registry.tags()).toEqual(expect.arrayContaining(['1.0.0', '1.1.0', 'never-healthy']))
    const manifest = await registry.manifest('1.0.0')
    expect(manifest?.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await registry.manifest(manifest?.digest ?? '')).toEqual(manifest)
    expect(await registry.manifest('no-such')).toBeUndefined()
    expect(await registry.digest('1.0.0')).toBe(manifest?.digest)
    expect(await registry.digest('no-such')).toBeUndefined()
  })

  it('rule 19: gives the digest of an index, and the image in it for a platform', async () => {
    const index = await opened('ddalab/app').manifest('wrong-platform')
    expect(index?.layers).toBeUndefined()
    expect(forPlatform({ ...index, digest: '', mediaType: '' }, 'arm64')?.digest).toMatch(/^sha256:/)
    expect(forPlatform({ ...index, digest: '', mediaType: '' }, 'amd64')).toBeUndefined()
  })

  it('has no such repository', async () => {
    await expect(opened('no/such').tags()).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' })
  })

  it('rule 21: a private one is asked with the password, and says no without it', async () => {
    const { address, credentials } = lab.privateRegistry
    if (credentials === null) throw new Error('the private registry has no credentials')
    const repository = `channel-${randomUUID().slice(0, 8)}`
    const reference = `${address}/${repository}:1.0.0`
    const login: Login = { kind: 'password', ...credentials }
    const registry = opened(repository, address, login)
    await docker(host, 'tag', labImages.busybox, reference)
    const folder = await mkdtemp(join(tmpdir(), 'ddalab-login-'))
    const auth = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
    await docker(host, '--config', folder, 'push', '-q', reference)
    await docker(host, 'rmi', reference)
    await rm(folder, { recursive: true })

    expect(await registry.tags()).toEqual(['1.0.0'])
    for (const wrong of [undefined, { ...login, password: 'swordfish-7' }]) {
      const refused = await opened(repository, address, wrong)
        .tags()
        .catch((thrown) => thrown)
      expect(refused).toMatchObject({
        code: 'REGISTRY_DENIED',
        options: { hint: expect.stringContaining('docker login') },
      })
      expect(JSON.stringify(refused)).not.toContain('swordfish')
    }
  })
})

describe('a registry that lies or fails', () => {
  let server: WebServer | undefined
  afterEach(() => server?.close())

  const saying = async (say: (path: string) => Said, timeout?: number): Promise<Registry> => {
    server = await webServer(say)
    const options = timeout === undefined ? web : { ...web, timeout }
    return openRegistry({ registry: server.address, repository: 'team/app' }, undefined, options)
  }

  test.each<readonly [string, Said, string]>([
    ['says 200 with an error inside', json({ errors: [{ code: 'DENIED', message: 'no' }] }), 'REGISTRY_INVALID'],
    ['says 200 with a page for people', { body: '<html>Log in</html>' }, 'REGISTRY_INVALID'],
    ['says 200 with other data', json({ names: [] }), 'REGISTRY_INVALID'],
    ['breaks off', 'cut', 'REGISTRY_UNREACHABLE'],
    ['drops the connection', 'drop', 'REGISTRY_UNREACHABLE'],
    ['is broken', { status: 503 }, 'REGISTRY_UNREACHABLE'],
    ['has had enough', { status: 429 }, 'REGISTRY_UNREACHABLE'],
    ['refuses', { status: 403 }, 'REGISTRY_DENIED'],
    ['asks for a password', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }, 'REGISTRY_DENIED'],
    ['says something unheard of', { status: 418 }, 'REGISTRY_INVALID'],
  ])('%s', async (_, said, code) => {
    const registry = await saying(() => said)
    await expect(registry.tags()).rejects.toMatchObject({ code, exit: 4, options: { hint: expect.any(String) } })
  })

  it('says nothing', async () => {
    const registry = await saying(() => 'silent', 50)
    await expect(registry.tags()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })

  it('has pages of tags; one that leads back, or elsewhere, is refused', async () => {
    const paged = await saying((path) =>
      path.includes('last=')
        ? json({ tags: ['1.1.0'] })
        : json({ tags: ['1.0.0'] }, { link: '</v2/team/app/tags/list?last=1.0.0&n=1000>; rel="next"' }),
    )
    expect(await paged.tags()).toEqual(['1.0.0', '1.1.0'])
    await server?.close()
    for (const link of ['</v2/team/app/tags/list?n=1000>; rel="next"', '<https://elsewhere.example/>; rel="next"']) {
      const wrong = await saying(() => json({ tags: [] }, { link }))
      await expect(wrong.tags()).rejects.toMatchObject({ code: 'REGISTRY_INVALID' })
      await server?.close()
    }
  })

  test.each<readonly [string, string, Said, string]>([
    [
      'another content than the digest',
      sha256('other'),
      { headers: { 'content-type': IMAGE }, body: image },
      'DIGEST_MISMATCH',
    ],
    [
      'another digest than the content has',
      '1.0.0',
      { headers: { 'content-type': IMAGE, 'docker-content-digest': sha256('other') }, body: image },
      'DIGEST_MISMATCH',
    ],
    ['no type', '1.0.0', { body: image }, 'REGISTRY_INVALID'],
    [
      'the type of an index on an image',
      '1.0.0',
      { headers: { 'content-type': INDEX }, body: image },
      'REGISTRY_INVALID',
    ],
    ['an error as a manifest', '1.0.0', json({ errors: [{ code: 'UNKNOWN' }] }), 'REGISTRY_INVALID'],
    [
      'a manifest that can be read in two ways',
      '1.0.0',
      {
        headers: { 'content-type': IMAGE },
        body: JSON.stringify({ schemaVersion: 2, config: descriptor, layers: [], manifests: [descriptor] }),
      },
      'REGISTRY_INVALID',
    ],
  ])('gives %s', async (_, asked, said, code) => {
    const registry = await saying(() => said)
    await expect(registry.manifest(asked)).rejects.toMatchObject({ code })
  })

  it('gives a content of another length or of other bytes than was announced', async () => {
    const registry = await saying(() => ({ body: 'signature' }))
    const announced = { ...descriptor, digest: sha256('signature'), size: 9 }
    expect(Buffer.from(await registry.blob(announced)).toString()).toBe('signature')
    await expect(registry.blob({ ...announced, size: 8 })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    await expect(registry.blob({ ...announced, digest: sha256('y') })).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    })
  })

  it('is not asked by plain HTTP, unless it is this machine', async () => {
    const never: typeof fetch = () => Promise.reject(new Error('asked'))
    const registry = openRegistry({ registry: 'registry.example.org', repository: 'a' }, undefined, {
      ...web,
      fetch: never,
    })
    await expect(registry.tags()).rejects.toThrow('asked')
    const sent: string[] = []
    const redirecting: typeof fetch = async (url) => {
      sent.push(String(url))
      return new Response(null, { status: 307, headers: { location: 'http://registry.example.org/v2/' } })
    }
    const downgraded = openRegistry({ registry: 'registry.example.org', repository: 'a' }, undefined, {
      ...web,
      fetch: redirecting,
    })
    await expect(downgraded.tags()).rejects.toThrow('is not HTTPS')
    expect(sent).toEqual(['https://registry.example.org/v2/a/tags/list?n=1000'])
  })

  it('ends at once when the command is interrupted', async () => {
    const stop = new AbortController()
    server = await webServer(() => {
      stop.abort(new Error('Ctrl-C'))
      return 'silent'
    })
    const registry = openRegistry({ registry: server.address, repository: 'a' }, undefined, {
      fetch,
      signal: stop.signal,
    })
    await expect(registry.tags()).rejects.toThrow('Ctrl-C')
  })
})

describe('a registry that hands out tokens', () => {
  let server: WebServer
  afterEach(() => server.close())

  const withTokens = async (login: Login | undefined, token: (path: string) => Said): Promise<Registry> => {
    server = await webServer((path, { headers }) => {
      if (path.startsWith('/token')) return token(path)
      if (headers.authorization === 'Bearer good') return json({ tags: ['1.0.0'] })
      const realm = `http://${headers.host}/token`
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="lab",scope="x"` } }
    })
    return openRegistry({ registry: server.address, repository: 'team/app' }, login, web)
  }

  it('gives one for nothing, or for the password, which the registry itself never sees', async () => {
    expect(await (await withTokens(undefined, () => json({ token: 'good' }))).tags()).toEqual(['1.0.0'])
    await server.close()
    const login: Login = { kind: 'password', user: 'ada', password: 'swordfish' }
    expect(await (await withTokens(login, () => json({ access_token: 'good' }))).tags()).toEqual(['1.0.0'])
    const basic = `Basic ${Buffer.from('ada:swordfish').toString('base64')}`
    expect(server.asked.map(({ path, authorization }) => [path.split('?')[0], authorization])).toEqual([
      ['/v2/team/app/tags/list', undefined],
      ['/token', basic],
      ['/v2/team/app/tags/list', 'Bearer good'],
    ])
    expect(server.asked[1]?.path).toBe('/token?service=lab&scope=repository%3Ateam%2Fapp%3Apull')
  })

  it('gives one for an identity token', async () => {
    const registry = await withTokens({ kind: 'identity', token: 'me' }, () => json({ access_token: 'good' }))
    expect(await registry.tags()).toEqual(['1.0.0'])
    expect(server.asked[1]).toMatchObject({ method: 'POST', path: '/token', authorization: undefined })
  })

  test.each<readonly [string, Said, string]>([
    ['refuses', { status: 401 }, 'REGISTRY_DENIED'],
    ['gives a token that is not taken', json({ token: 'bad' }), 'REGISTRY_DENIED'],
    ['gives none', json({}), 'REGISTRY_UNREACHABLE'],
    ['is broken', { status: 500 }, 'REGISTRY_UNREACHABLE'],
  ])('%s', async (_, said, code) => {
    await expect((await withTokens(undefined, () => said)).tags()).rejects.toMatchObject({ code })
  })

  it('does not get the password to elsewhere, nor the token to where a redirect leads', async () => {
    const elsewhere = await webServer(() => json({ tags: ['2.0.0'] }))
    server = await webServer((_, { headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
        : { status: 307, headers: { location: `http://${elsewhere.address}/tags` } },
    )
    const login: Login = { kind: 'password', user: 'ada', password: 'swordfish' }
    const registry = openRegistry({ registry: server.address, repository: 'a' }, login, web)
    expect(await registry.tags()).toEqual(['2.0.0'])
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined])
    await elsewhere.close()
  })
})
