import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { openRegistry } from '../../src/core/release/channel/index.ts'
import { faultyRegistry } from '../faults/support/faulty-registry.ts'
import { eventsIn, Instance } from '../faults/support/instance.ts'
import { docker, page } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { imageSigner, minisignSigner } from './signers.ts'

const { registry } = lab

/** An image with layers of its own, the same under each of these tags. */
async function push(
  host: string,
  repository: string,
  tags: string | readonly string[],
  layers = ['one'],
): Promise<string> {
  const name = `push-${randomUUID().slice(0, 8)}`
  await docker(host, 'tag', labImages.busybox, name)
  for (const layer of layers) {
    await docker(host, 'run', '--name', name, name, 'dd', 'if=/dev/urandom', `of=/${layer}`, 'bs=1M', 'count=1')
    await docker(host, 'commit', name, name)
    await docker(host, 'rm', name)
  }
  for (const tag of [tags].flat()) {
    const reference = `${registry.address}/${repository}:${tag}`
    await docker(host, 'tag', name, reference)
    await docker(host, 'push', '-q', reference)
    await docker(host, 'rmi', reference)
  }
  await docker(host, 'rmi', name)
  return digestOf(repository, [tags].flat()[0] ?? '')
}

async function layersOf(repository: string, digest: string): Promise<readonly (string | undefined)[]> {
  const opened = openRegistry({ registry: registry.address, repository }, undefined, {
    fetch,
    signal: AbortSignal.timeout(30_000),
  })
  return (await opened.manifest(digest))?.layers?.map((layer) => layer.digest) ?? []
}

async function digestOf(repository: string, tag: string): Promise<string> {
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json'
  const answer = await fetch(`http://${registry.address}/v2/${repository}/manifests/${tag}`, { headers: { accept } })
  return answer.headers.get('docker-content-digest') ?? ''
}

describe.skipIf(!lab.available).each(lab.newest)('updates from a registry, on Engine $version', ({ host }) => {
  const repository = `updates-${randomUUID().slice(0, 8)}`
  const image = (tag: string) => `${registry.address}/${repository}:${tag}`
  let instance: Instance
  let newest: string

  beforeAll(async () => {
    await push(host, repository, ['1.0.0', 'latest'])
    await push(host, repository, '1.1.0')
    newest = await push(host, repository, '1.2.0')
    await push(host, repository, '1.3.0-rc.1')
    instance = await Instance.on(host, { settings: [`docker.image=${image('1.0.0')}`] })
    await instance.succeed('deploy')
  })
  afterAll(async () => {
    await instance?.remove()
    const left = await docker(
      host,
      'image',
      'ls',
      '--format',
      '{{.Repository}}:{{.Tag}}',
      `${image('*').slice(0, -2)}*`,
    )
    const tagged = left.split('\n').filter((name) => name !== '' && !name.endsWith('<none>'))
    if (tagged.length > 0) await docker(host, 'rmi', ...tagged)
  })
  beforeEach(async () => {
    await instance.set('updates', undefined)
    await instance.set('docker.image', image('1.0.0'))
  })

  /** Runs it and expects that nothing of what runs is touched. */
  const untouched = async (...words: readonly string[]) => {
    const before = await instance.project.containers()
    const answer = await instance.answer('update', ...words)
    expect(await instance.project.containers()).toEqual(before)
    expect(await page(instance.port)).toBe('version 1\n')
    return answer
  }

  it('--check tells the newest version, pinned to its digest (rule 16), and ends with 10', async () => {
    expect(await untouched('--check')).toMatchObject({
      code: 10,
      data: {
        current: {
          version: '1.0.0',
          reference: image('1.0.0'),
          digest: expect.stringMatching(/^sha256:/),
          release: 'r-0001',
        },
        source: { kind: 'registry', name: `${registry.address}/${repository}` },
        channel: 'stable',
        offer: {
          version: '1.2.0',
          current: '1.0.0',
          images: { web: { reference: `${image('1.2.0')}@${newest}`, digest: newest, size: expect.any(Number) } },
        },
        newer: [{ version: '1.2.0' }, { version: '1.1.0' }],
      },
    })
    const { stdout, code } = await instance.run('update', '--check')
    expect(code).toBe(10)
    expect(stdout).toContain('1.2.0 can be installed (1.0.0 is current)')
  })

  it('the channel decides on pre-releases; a version that is named does so itself', async () => {
    await instance.set('updates.channel', 'beta')
    expect((await untouched('--check')).data.offer.version).toBe('1.3.0-rc.1')
    await instance.set('updates.channel', 'stable')
    expect((await untouched('1.3.0-rc.1', '--check')).data.offer.version).toBe('1.3.0-rc.1')
    expect((await untouched('1.1.0', '--check')).data.offer.version).toBe('1.1.0')
    expect(await untouched('1.0.0', '--check')).toMatchObject({ code: 0, data: { offer: null } })
  })

  it('an older version and an unknown one are refused', async () => {
    expect(await untouched('0.9.0', '--check')).toMatchObject({ code: 3, error: { code: 'VERSION_NOT_FOUND' } })
    const other = `${repository}-old`
    await push(host, other, '1.0.0')
    await instance.set('docker.image', `${registry.address}/${other}:2.0.0`)
    expect(await untouched('1.0.0', '--check')).toMatchObject({ code: 4, error: { code: 'UPDATE_DOWNGRADE' } })
    expect(await untouched('--check')).toMatchObject({ code: 0, data: { offer: null, newer: [] } })
  })

  it('latest is the version with the same digest; nothing is offered over one that no version has', async () => {
    const other = `${repository}-moving`
    const moving = `${registry.address}/${other}:latest`
    await push(host, other, ['1.0.0', 'latest'])
    await push(host, other, '1.1.0')
    const second = await Instance.on(host, { settings: [`docker.image=${moving}`] })
    try {
      await second.succeed('deploy')
      const found = await second.answer('update', '--check')
      expect(found).toMatchObject({ code: 10, data: { current: { version: '1.0.0' }, offer: { version: '1.1.0' } } })
      await push(host, other, '1.0.0')
      const unknown = await second.answer('update', '--check')
      expect(unknown).toMatchObject({ code: 0, data: { current: { version: null }, offer: null } })
      expect((await second.answer('update', '1.1.0', '--check')).data.offer.version).toBe('1.1.0')
      expect((await second.run('update', '--check')).stdout).toContain('of no version that is known')
    } finally {
      await second.remove()
    }
  })

  it('--download fetches by digest, tells its layers, and does not fetch again what is there', async () => {
    const told = await instance.run('update', '--download', '--events')
    const events = eventsIn(told)
    expect(events.at(-1)).toMatchObject({
      ok: true,
      data: { outcome: 'downloaded', fetched: [`${image('1.2.0')}@${newest}`] },
    })
    const layers = events.flatMap((event) => JSON.stringify(event).match(/"layers":\[\{"id"/) ?? [])
    expect(layers.length).toBeGreaterThan(0)
    const found = await docker(
      host,
      'image',
      'inspect',
      '--format',
      '{{.RepoDigests}}',
      `${registry.address}/${repository}@${newest}`,
    )
    expect(found).toContain(newest)
    expect(await untouched('--download')).toMatchObject({ code: 0, data: { outcome: 'there already', fetched: [] } })
    await instance.expectTidy()
    await docker(host, 'rmi', `${registry.address}/${repository}@${newest}`)
  })

  it('layers that are there are not fetched; one whose connection drops is asked for again, and no other', async () => {
    const other = `${repository}-layers`
    await push(host, other, '1.0.0')
    const pinned = await push(host, other, '1.1.0', ['middle', 'top'])
    const [base, middle, top] = await layersOf(other, pinned)
    const fetched: (string | undefined)[] = []
    const faulty = await faultyRegistry((path) => {
      const layer = [base, middle, top].find((digest) => digest !== undefined && path.endsWith(`/blobs/${digest}`))
      if (layer !== undefined) fetched.push(layer)
      return layer === top && fetched.filter((digest) => digest === top).length === 1 ? 'drop' : undefined
    })
    try {
      await instance.set('docker.image', `${faulty.address}/${other}:1.0.0`)
      expect(await untouched('--download')).toMatchObject({ code: 0, data: { outcome: 'downloaded' } })
      expect(fetched.toSorted()).toEqual([middle, top, top].toSorted())
    } finally {
      await faulty.close()
      await docker(host, 'rmi', `${faulty.address}/${other}@${pinned}`)
    }
  })

  it('a download that fails leaves nothing half done, and works the next time', async () => {
    const other = `${repository}-broken`
    await push(host, other, '1.0.0')
    const pinned = await push(host, other, '1.1.0')
    let broken = true
    const faulty = await faultyRegistry((path) => (broken && path.includes('/blobs/') ? 404 : undefined))
    try {
      await instance.set('docker.image', `${faulty.address}/${other}:1.0.0`)
      expect(await untouched('--download')).toMatchObject({ code: 5, error: { exit: 5, hint: expect.any(String) } })
      await instance.expectTidy()
      broken = false
      expect(await untouched('--download')).toMatchObject({ code: 0, data: { outcome: 'downloaded' } })
    } finally {
      await faulty.close()
      await docker(host, 'rmi', `${faulty.address}/${other}@${pinned}`)
    }
  })

  test.each<readonly [string, 'drop' | 'corrupt' | 500, string]>([
    ['is down', 'drop', 'REGISTRY_UNREACHABLE'],
    ['answers with an error', 500, 'REGISTRY_UNREACHABLE'],
    ['answers with something else', 'corrupt', 'REGISTRY_INVALID'],
  ])('a registry that %s: its own error, and nothing is changed', async (_, fault, code) => {
    const faulty = await faultyRegistry(() => fault)
    try {
      await instance.set('docker.image', `${faulty.address}/${repository}:1.0.0`)
      for (const way of ['--check', '--download']) {
        expect(await untouched(way)).toMatchObject({ code: 4, error: { code, hint: expect.any(String) } })
      }
    } finally {
      await faulty.close()
    }
  })

  it('a manifest takes the place of the tags; what it says is verified first', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ddalab-releases-'))
    const manifest = join(directory, 'releases.json')
    const signer = minisignSigner()
    const release = (version: string, more: object = {}) => ({
      version,
      images: { web: { reference: image('1.2.0'), digest: newest, size: 1_000_000 } },
      ...more,
    })
    const text = JSON.stringify([
      release('1.1.0', { irreversible: true }),
      release('1.2.0', { notes: 'Twice as fast.' }),
    ])
    await writeFile(manifest, text)
    await instance.set('updates.manifest', manifest)
    expect(await untouched('--check')).toMatchObject({ code: 4, error: { code: 'SIGNATURE_MISSING' } })
    await instance.set('updates.manifestKey', signer.publicKey.split('\n')[1])
    expect(await untouched('--check')).toMatchObject({ code: 4, error: { code: 'SIGNATURE_MISSING' } })
    await writeFile(`${manifest}.minisig`, signer.sign(`${text} `))
    expect(await untouched('--check')).toMatchObject({ code: 4, error: { code: 'SIGNATURE_INVALID' } })
    await writeFile(`${manifest}.minisig`, signer.sign(text))
    expect(await untouched('--check')).toMatchObject({
      code: 10,
      data: {
        source: { kind: 'manifest', name: manifest },
        offer: { version: '1.2.0', notes: 'Twice as fast.', irreversible: true, images: { web: { digest: newest } } },
      },
    })
    expect((await instance.run('update', '--check')).stdout).toContain('Twice as fast.')
    await rm(directory, { recursive: true })
  })

  it.skipIf(lab.cosign === '')(
    'an image with the signature that the config wants is offered, and another key is refused',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'ddalab-cosign-'))
      const cosign = (...words: readonly string[]) =>
        promisify(execFile)(lab.cosign, words, { cwd: directory, env: { HOME: directory, COSIGN_PASSWORD: '' } })
      const other = `${repository}-signed`
      await push(host, other, '1.0.0')
      const signed = await push(host, other, '1.1.0')
      await cosign('generate-key-pair')
      const { stdout } = await cosign('signing-config', 'create')
      await writeFile(join(directory, 'no-log.json'), stdout)
      const pinned = `${registry.address}/${other}@${signed}`
      await cosign('sign', '--yes', '--key', 'cosign.key', '--signing-config', 'no-log.json', pinned)
      await instance.set('docker.image', `${registry.address}/${other}:1.0.0`)
      await instance.set('updates.cosignKey', await readFile(join(directory, 'cosign.pub'), 'utf8'))
      expect(await untouched('--check')).toMatchObject({
        code: 10,
        data: { offer: { images: { web: { digest: signed } } } },
      })
      await instance.set('updates.cosignKey', imageSigner('ecdsa').publicKey)
      expect(await untouched('--check')).toMatchObject({ code: 4, error: { code: 'SIGNATURE_INVALID' } })
      await rm(directory, { recursive: true })
    },
  )

  it('rule 21: a registry with a password is asked with what docker login has kept, and nobody hears of it', async () => {
    const { address, credentials } = lab.privateRegistry
    if (credentials === null) throw new Error('the private registry has no credentials')
    const login = await mkdtemp(join(tmpdir(), 'ddalab-login-'))
    const auth = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
    await writeFile(join(login, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
    const reference = `${address}/${repository}:1.1.0`
    await docker(host, 'tag', labImages.busybox, reference)
    await docker(host, '--config', login, 'push', '-q', reference)
    await docker(host, 'rmi', reference)
    const locked = await Instance.on(host, {
      settings: [`docker.image=${address}/${repository}:1.0.0`],
      env: { DOCKER_CONFIG: login },
    })
    const found = await locked.run('update', '--check', '--events', '--verbose')
    expect(found.code).toBe(10)
    await rm(join(login, 'config.json'))
    const refused = await locked.run('update', '--check', '--json', '--debug')
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'REGISTRY_DENIED', exit: 4 } })
    const kept = await readFile(join(locked.directory, 'updates', 'last-check.json'), 'utf8')
    const said = [found, refused].map(({ stdout, stderr }) => stdout + stderr).join('') + kept
    for (const secret of [credentials.password, auth]) expect(said).not.toContain(secret)
    await locked.remove()
    await rm(login, { recursive: true })
  })

  it('an image without the signature that the config wants is never offered', async () => {
    await instance.set('updates.cosignKey', imageSigner('ecdsa').publicKey)
    for (const way of ['--check', '--download']) {
      expect(await untouched(way)).toMatchObject({ code: 4, error: { code: 'SIGNATURE_MISSING', exit: 4 } })
    }
  })

  it('--if-due looks once in each interval, keeps what it found to itself, and says why it installs nothing', async () => {
    const file = 'updates/last-check.json'
    await rm(join(instance.directory, 'updates'), { recursive: true, force: true })
    const first = await untouched('--if-due')
    expect(first).toMatchObject({
      code: 0,
      data: { checked: true, offer: { version: '1.2.0' }, held: 'updates.autoUpdate is off' },
    })
    expect(await instance.modeOf(file)).toBe('600')
    const kept = await readFile(join(instance.directory, file), 'utf8')
    expect(JSON.parse(kept)).toMatchObject({ offer: { version: '1.2.0' }, current: { version: '1.0.0' } })
    expect(await untouched('--if-due')).toMatchObject({ code: 0, data: { checked: false } })
    expect(await readFile(join(instance.directory, file), 'utf8')).toBe(kept)
    await writeFile(join(instance.directory, file), kept.replace(/"checkedAt": "\d+/, '"checkedAt": "2001'))
    expect(await untouched('--if-due')).toMatchObject({ data: { checked: true } })
    expect(await untouched('1.1.0', '--if-due')).toMatchObject({ code: 2, error: { code: 'USAGE' } })
    await writeFile(join(instance.directory, file), 'no JSON')
    expect(await untouched('--if-due')).toMatchObject({ data: { checked: true } })
    expect((await stat(join(instance.directory, 'updates'))).mode & 0o777).toBe(0o700)
  })
})
