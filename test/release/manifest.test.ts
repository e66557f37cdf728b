import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { parseConfig } from '../../src/core/config/index.ts'
import { loadManifest } from '../../src/core/release/channel/manifest.ts'
import { readManifestText } from '../../src/core/release/channel/release-manifest.ts'
import { codeBlocks, read } from '../docs/documents.ts'
import { lab } from '../lab/lab.ts'
import { minisignSigner } from './signers.ts'
import { type Said, webServer } from './web-server.ts'

const web = { fetch, signal: new AbortController().signal }
const signer = minisignSigner()
const DIGEST = `sha256:${'a'.repeat(64)}`
const release = {
  version: '1.4.2',
  notes: 'Faster.',
  images: { app: { reference: 'registry.example.org/app:1.4.2', digest: DIGEST, size: 1000 } },
  config: '3.0.0',
}
const manifest = JSON.stringify(release)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-manifest-'))
})
afterEach(() => rm(directory, { recursive: true }))

const write = (suffix: string, content: string) => writeFile(join(directory, `releases.json${suffix}`), content)
const load = (key = signer.publicKey) => loadManifest({ place: 'releases.json', directory, key }, web)

describe('a release manifest', () => {
  const readSigned = async (content: string) => {
    await write('', content)
    await write('.minisig', signer.sign(content))
    return load()
  }

  it('is one release, a list of them, or a list with a name; JSON or YAML', async () => {
    const expected = { ...release, mandatory: false, irreversible: false }
    expect(await readSigned(manifest)).toEqual([expected])
    expect(await readSigned(JSON.stringify([release]))).toEqual([expected])
    expect(await readSigned(JSON.stringify({ releases: [release], more: 'for others' }))).toEqual([expected])
    const yaml = `version: 1.4.2\nnotes: Faster.\nimages:\n  app: { reference: "registry.example.org/app:1.4.2", digest: "${DIGEST}", size: 1000 }\nconfig: 3.0.0\nmandatory: true\n`
    expect(await readSigned(yaml)).toEqual([{ ...expected, mandatory: true }])
  })

  test.each<readonly [string, unknown, string]>([
    ['no YAML', 'a: [', 'neither JSON nor YAML'],
    ['nothing', '', 'the whole'],
    ['an empty list', [], 'the whole'],
    ['no images', { ...release, images: {} }, 'at least one image'],
    ['a moving version', { ...release, version: 'latest' }, 'a version such as'],
    [
      'a digest of another kind',
      { ...release, images: { app: { reference: 'app:1', digest: 'md5:1' } } },
      'images.app.digest',
    ],
    [
      'a reference with another digest',
      { ...release, images: { app: { reference: `app:1@sha256:${'b'.repeat(64)}`, digest: DIGEST } } },
      'images.app.reference',
    ],
    ['a version twice', [release, release], 'twice'],
  ])('that is or has %s is refused', async (_, content, told) => {
    const refused = await readSigned(typeof content === 'string' ? content : JSON.stringify(content)).catch(
      (thrown) => thrown,
    )
    expect(refused).toMatchObject({ code: 'MANIFEST_INVALID', exit: 4 })
    expect([refused.message, ...(refused.options.details ?? [])].join('\n')).toContain(told)
  })
})

it('the examples of docs/release-manifest.md are valid', () => {
  const [example, config] = codeBlocks(read('docs/release-manifest.md')).filter(({ language }) => language === 'yaml')
  const releases = readManifestText(example?.code ?? '', 'example')
  expect(releases.map(({ version, mandatory }) => [version, mandatory])).toEqual([
    ['1.5.0', false],
    ['1.4.0', true],
  ])
  expect(parseConfig(config?.code ?? '', 'config.yml').document.config.updates?.manifestKey).toMatch(/^RW/)
})

describe('what does not verify is never answered', () => {
  it('a signature of either kind is good, with its SHA-256 or without', async () => {
    await write('', manifest)
    for (const prehashed of [true, false]) {
      await write('.minisig', signer.sign(manifest, { prehashed }))
      expect(await load()).toHaveLength(1)
    }
    await write('.sha256', `${sha256(manifest)}  releases.json\n`)
    expect(await load()).toHaveLength(1)
  })

  it('no manifest', async () => {
    await expect(load()).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND', exit: 3 })
  })

  it('no signature', async () => {
    await write('', manifest)
    await expect(load()).rejects.toMatchObject({ code: 'SIGNATURE_MISSING', exit: 4 })
  })

  it('another SHA-256', async () => {
    await write('', manifest)
    await write('.minisig', signer.sign(manifest))
    await write('.sha256', `${sha256('other')}  releases.json\n`)
    await expect(load()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', exit: 4 })
    await write('.sha256', 'nonsense')
    await expect(load()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })

  const signed = signer.sign(manifest)
  const changed = (line: number, change: (text: string) => string) =>
    signed
      .split('\n')
      .map((text, index) => (index === line ? change(text) : text))
      .join('\n')
  const flip = (text: string) => `${text.slice(0, 30)}${text[30] === 'A' ? 'B' : 'A'}${text.slice(31)}`

  test.each<readonly [string, string, string]>([
    ['of another content', signer.sign(`${manifest} `), 'not what was signed'],
    ['of another key', minisignSigner().sign(manifest), 'another key'],
    ['with a changed byte', changed(1, flip), 'not what was signed'],
    ['with a changed trusted comment', changed(2, (text) => `${text}0`), 'not what was signed'],
    ['with a changed second signature', changed(3, flip), 'not what was signed'],
    ['of another format', '-----BEGIN PGP SIGNATURE-----', 'no minisign signature'],
    ['that is empty', '', 'no minisign signature'],
  ])('a signature %s', async (_, signature, told) => {
    await write('', manifest)
    await write('.minisig', signature)
    const refused = await load().catch((thrown) => thrown)
    expect(refused).toMatchObject({ code: 'SIGNATURE_INVALID', exit: 4 })
    expect(refused.message).toContain(told)
  })

  it('a manifest that was changed is not even parsed', async () => {
    await write('', 'a: [')
    await write('.minisig', signed)
    await expect(load()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })

  it('a key in the config that is none', async () => {
    await write('', manifest)
    await write('.minisig', signed)
    await expect(load('RWnonsense')).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })
})

describe.skipIf(lab.minisign === '')('signed by minisign itself', () => {
  const minisign = (...words: readonly string[]) => promisify(execFile)(lab.minisign, words, { cwd: directory })

  it.each(['prehashed', 'legacy'])('%s', async (kind) => {
    await write('', manifest)
    await minisign('-G', '-W', '-p', 'key.pub', '-s', 'key')
    await minisign('-S', ...(kind === 'legacy' ? ['-l'] : []), '-s', 'key', '-m', 'releases.json')
    const key = await readFile(join(directory, 'key.pub'), 'utf8')
    expect(await load(key)).toHaveLength(1)
    expect(await load(key.split('\n')[1])).toHaveLength(1)
    await write('', `${manifest}\n`)
    await expect(load(key)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
  })

  it('reads what our signer in these tests makes', async () => {
    await write('', manifest)
    await write('.minisig', signer.sign(manifest))
    await writeFile(join(directory, 'key.pub'), signer.publicKey)
    await minisign('-V', '-p', 'key.pub', '-m', 'releases.json')
  })
})

describe('a manifest on a server', () => {
  const from = async (say: (path: string) => Said) => {
    const server = await webServer(say)
    try {
      return await loadManifest({ place: `http://${server.address}/r.json?x=1`, directory, key: signer.publicKey }, web)
    } finally {
      await server.close()
    }
  }
  const signature = signer.sign(manifest)

  it('comes with its signature; a page in place of a SHA-256 is none', async () => {
    const releases = await from((path) => {
      if (path === '/r.json?x=1') return { body: manifest }
      if (path === '/r.json.minisig?x=1') return { body: signature }
      return { headers: { 'content-type': 'text/html' }, body: '<html>' }
    })
    expect(releases[0]?.version).toBe('1.4.2')
  })

  test.each<readonly [string, (path: string) => Said, string]>([
    ['is not there', () => ({ status: 404 }), 'MANIFEST_NOT_FOUND'],
    [
      'has no signature',
      (path) => (path.startsWith('/r.json?') ? { body: manifest } : { status: 404 }),
      'SIGNATURE_MISSING',
    ],
    ['is behind a broken server', () => ({ status: 500 }), 'MANIFEST_UNREACHABLE'],
    ['breaks off', () => 'cut', 'MANIFEST_UNREACHABLE'],
    ['is longer than any manifest', () => ({ body: Buffer.alloc(5_000_000) }), 'MANIFEST_UNREACHABLE'],
    ['sends elsewhere without end', (path) => ({ status: 302, headers: { location: path } }), 'MANIFEST_UNREACHABLE'],
  ])('%s', async (_, say, code) => {
    await expect(from(say)).rejects.toMatchObject({ code })
  })

  it('is not read by plain HTTP, unless it is on this machine', async () => {
    const place = 'http://releases.example.org/r.json'
    const never: typeof fetch = () => Promise.reject(new Error('asked'))
    await expect(
      loadManifest({ place, directory, key: signer.publicKey }, { ...web, fetch: never }),
    ).rejects.toMatchObject({ code: 'MANIFEST_UNREACHABLE', message: expect.stringContaining('HTTPS') })
  })
})
