import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readCosignKey, verifyImage } from '../../src/core/release/channel/cosign.ts'
import { openRegistry, type Registry } from '../../src/core/release/channel/registry.ts'
import type { Descriptor } from '../../src/core/release/channel/registry-manifest.ts'
import { docker } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { imageSigner, type KeyKind } from './signers.ts'

const web = { fetch, signal: new AbortController().signal }
const KINDS: readonly KeyKind[] = ['ecdsa', 'ed25519', 'rsa']
const digestOf = (content: string) => `sha256:${createHash('sha256').update(content).digest('hex')}`

describe.skipIf(!lab.available || lab.cosign === '')('an image that the real cosign has signed', () => {
  const [host = ''] = lab.engines.map((engine) => engine.host)
  const repository = `cosign-${randomUUID().slice(0, 8)}`
  const registry = openRegistry({ registry: lab.registry.address, repository }, undefined, web)
  let directory: string
  let digest: string

  const cosign = (...words: readonly string[]) =>
    promisify(execFile)(lab.cosign, words, {
      cwd: directory,
      env: { HOME: directory, COSIGN_PASSWORD: '', PATH: process.env.PATH },
    })
  const key = async (name: string) => readFile(join(directory, `${name}.pub`), 'utf8')
  const push = async (tag: string): Promise<string> => {
    const reference = `${lab.registry.address}/${repository}:${tag}`
    await docker(host, 'run', '--name', `${repository}-${tag}`, labImages.busybox, 'sh', '-c', `echo ${tag} >/tag`)
    await docker(host, 'commit', `${repository}-${tag}`, reference)
    await docker(host, 'rm', `${repository}-${tag}`)
    await docker(host, 'push', '-q', reference)
    await docker(host, 'rmi', reference)
    return (await registry.manifest(tag))?.digest ?? ''
  }
  const bundle = ['--signing-config', 'no-log.json']
  const legacy = ['--use-signing-config=false', '--new-bundle-format=false', '--tlog-upload=false']
  const sign = (name: string, image: string, form: readonly string[]) =>
    cosign('sign', '--yes', '--key', `${name}.key`, ...form, `${lab.registry.address}/${repository}@${image}`)

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ddalab-cosign-'))
    const { stdout } = await cosign('signing-config', 'create')
    await writeFile(join(directory, 'no-log.json'), stdout)
    for (const kind of KINDS) {
      const pem = imageSigner(kind).privateKey.export({ format: 'pem', type: 'pkcs8' })
      await writeFile(join(directory, `${kind}.pem`), pem)
      await cosign('import-key-pair', '--key', `${kind}.pem`, '--output-key-prefix', kind)
    }
    await cosign('generate-key-pair', '--output-key-prefix', 'own')
    digest = await push('1.0.0')
  })
  afterAll(() => rm(directory, { recursive: true }))

  it('has no signature before', async () => {
    await expect(verifyImage(registry, digest, await key('own'))).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' })
  })

  describe.each([
    ['the bundle of cosign 3', bundle],
    ['the tag of cosign 2', legacy],
  ])('%s', (form, options) => {
    test.each(['own', ...KINDS])('with a key of kind %s is good; another key is refused', async (name) => {
      const image = await push(`${name}-${form.at(-1)}`)
      await sign(name, image, options)
      await verifyImage(registry, image, await key(name))
      const other = name === 'own' ? 'ecdsa' : 'own'
      await expect(verifyImage(registry, image, await key(other))).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
      await sign(other, image, options)
      await verifyImage(registry, image, await key(name))
      await verifyImage(registry, image, await key(other))
    })
  })
})

/** A repository in memory: what an attacker who may push could put there. */
class Attacker implements Registry {
  readonly name = 'registry.example.org/app'
  readonly #blobs = new Map<string, string>()
  readonly #manifests = new Map<string, readonly Descriptor[]>()
  readonly #referrers: Descriptor[] = []

  addLegacy(digest: string, payload: unknown, signature: Buffer): void {
    const layer = this.#put(JSON.stringify(payload), 'application/vnd.dev.cosign.simplesigning.v1+json', {
      'dev.cosignproject.cosign/signature': signature.toString('base64'),
    })
    this.#manifests.set(`${digest.replace(':', '-')}.sig`, [layer])
  }
  addBundle(bundle: unknown): void {
    const layer = this.#put(JSON.stringify(bundle), 'application/vnd.dev.sigstore.bundle.v0.3+json')
    const referrer = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: layer.digest, size: 1 }
    this.#manifests.set(layer.digest, [layer])
    this.#referrers.push(referrer)
  }
  #put(content: string, mediaType: string, annotations?: { [name: string]: string }): Descriptor {
    this.#blobs.set(digestOf(content), content)
    return { mediaType, digest: digestOf(content), size: content.length, annotations }
  }
  tags = async () => []
  digest = async () => undefined
  manifest: Registry['manifest'] = async (asked) => {
    const layers = this.#manifests.get(asked)
    return layers && { digest: asked, mediaType: '', layers }
  }
  blob: Registry['blob'] = async ({ digest }) => Buffer.from(this.#blobs.get(digest) ?? '')
  referrers = async () => this.#referrers
}

describe('a signature that is not one', () => {
  const signer = imageSigner('ecdsa')
  const image = digestOf('image')
  const other = digestOf('other image')
  const payload = (digest: string, type = 'cosign container image signature') => ({
    critical: { identity: {}, image: { 'docker-manifest-digest': digest }, type },
    optional: null,
  })
  const statement = (digest: string, predicateType = 'https://sigstore.dev/cosign/sign/v1') =>
    JSON.stringify({ subject: [{ digest: { sha256: digest.slice(7) } }], predicateType, predicate: {} })
  const envelope = (content: string, by = signer, signed = content) => {
    const type = 'application/vnd.in-toto+json'
    const sig = by.sign(`DSSEv1 ${type.length} ${type} ${signed.length} ${signed}`).toString('base64')
    return {
      dsseEnvelope: { payload: Buffer.from(content).toString('base64'), payloadType: type, signatures: [{ sig }] },
    }
  }
  const verify = (registry: Registry, pem = signer.publicKey) => verifyImage(registry, image, pem)

  it('good ones, to begin with', async () => {
    const tagged = new Attacker()
    tagged.addLegacy(image, payload(image), signer.sign(JSON.stringify(payload(image))))
    await verify(tagged)
    const bundled = new Attacker()
    bundled.addBundle(envelope(statement(image)))
    await verify(bundled)
  })

  test.each<readonly [string, (registry: Attacker) => void]>([
    [
      'that is good, for another image',
      (registry) => registry.addLegacy(image, payload(other), signer.sign(JSON.stringify(payload(other)))),
    ],
    [
      'over something else than it says',
      (registry) => registry.addLegacy(image, payload(image), signer.sign(JSON.stringify(payload(other)))),
    ],
    [
      'of another type',
      (registry) => registry.addLegacy(image, payload(image, 'x'), signer.sign(JSON.stringify(payload(image, 'x')))),
    ],
    ['of no bytes', (registry) => registry.addLegacy(image, payload(image), Buffer.alloc(0))],
    ['in a bundle, for another image', (registry) => registry.addBundle(envelope(statement(other)))],
    [
      'in a bundle, over something else',
      (registry) => registry.addBundle(envelope(statement(image), signer, statement(other))),
    ],
    [
      'in a bundle, by somebody else',
      (registry) => registry.addBundle(envelope(statement(image), imageSigner('ecdsa'))),
    ],
    [
      'of an attestation, which says nothing of a release',
      (registry) => registry.addBundle(envelope(statement(image, 'https://spdx.dev/Document'))),
    ],
  ])('%s', async (_, add) => {
    const registry = new Attacker()
    add(registry)
    await expect(verify(registry)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID', exit: 4 })
  })

  it('in a form that nobody knows counts for none', async () => {
    const registry = new Attacker()
    registry.addBundle({ messageSignature: {} })
    await expect(verify(registry)).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' })
  })

  it('and a key that is none', async () => {
    expect(readCosignKey(signer.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())).toBeUndefined()
    await expect(verify(new Attacker(), 'key')).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })
})
