import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isDue } from '../../src/core/actions/update/last-check.ts'
import { checkForUpdate, type UpdateOffer } from '../../src/core/actions/update-check.ts'
import { updateIfDue } from '../../src/core/actions/update-due.ts'
import { updateNotice } from '../../src/core/actions/update-notice.ts'
import { quarantine, type Release, releaseStore } from '../../src/core/release/index.ts'
import { type TestWorld, testWorld } from '../support/world.ts'
import { type WebServer, webServer } from './web-server.ts'

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const target = { instance: 'lab' }
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const manifestOf = (tag: string) => {
  const descriptor = { mediaType: 'application/octet-stream', digest: sha256(tag), size: 10 }
  return JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, config: descriptor, layers: [descriptor] })
}

let world: TestWorld
let server: WebServer
let tags: readonly string[]
let directory: string
beforeEach(async () => {
  world = await testWorld('unix:///no/engine')
  directory = join(world.directory, 'instances', 'lab')
  await mkdir(directory, { recursive: true })
  tags = ['1.0.0', '1.1.0']
  server = await webServer((path) =>
    path.includes('/tags/')
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tags }) }
      : { headers: { 'content-type': IMAGE }, body: manifestOf(path.split('/').at(-1) ?? '') },
  )
})
afterEach(async () => {
  await server.close()
  await world.remove()
})

const configure = (updates: object) =>
  writeFile(
    join(directory, 'deployment-config.yml'),
    JSON.stringify({ version: '3.0.0', template: 'demo', docker: { image: `${server.address}/app:1.0.0` }, updates }),
  )
const ran: string[] = []
const install = async ({ offer }: { readonly offer: UpdateOffer }) => ran.push(offer.version)
const releases = () => releaseStore(join(directory, 'releases'))
const released = (id: string, tag: string): Release => ({
  id,
  version: tag,
  deployedAt: '2026-01-01T00:00:00.000Z',
  deployedBy: 'ada',
  command: 'test',
  images: {
    web: {
      reference: `${server.address}/app:${tag}`,
      imageId: sha256(`id ${tag}`),
      digest: `${server.address}/app@${sha256(manifestOf(tag))}`,
    },
  },
})

describe('when a check is due', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const at = (checkedAt: string) => isDue({ checkedAt }, 24, now)

  it('after the interval, and never before', () => {
    expect(isDue(undefined, 24, now)).toBe(true)
    expect(at('2026-11-21T11:59:00Z')).toBe(false)
    expect(at('2026-11-20T12:00:01Z')).toBe(false)
    expect(at('2026-11-20T12:00:00Z')).toBe(true)
  })

  it('after the clock was put back, and after a time that is none', () => {
    expect(at('2026-11-21T12:00:01Z')).toBe(true)
    expect(at('yesterday')).toBe(true)
  })
})

describe('a timer', () => {
  it('installs where the config wants that, and once', async () => {
    await configure({ autoUpdate: true })
    await releases().write(released('r-0001', '1.0.0'))
    expect(await updateIfDue(world, target, install)).toMatchObject({ checked: true, held: null, installed: 1 })
    expect(ran).toEqual(['1.1.0'])
    expect(await updateIfDue(world, target, install)).toEqual({
      checked: false,
      offer: null,
      installed: null,
      held: null,
    })
    expect(ran).toEqual(['1.1.0'])
  })

  it('leaves it to a person where the config does not', async () => {
    await configure({ autoUpdate: false })
    expect(await updateIfDue(world, target, install)).toMatchObject({
      installed: null,
      held: 'updates.autoUpdate is off',
    })
  })

  it('does not try again what failed here', async () => {
    await configure({ autoUpdate: true })
    const images = { web: sha256(manifestOf('1.1.0')) }
    const bad = { version: '9.9.9', images, at: '2026-01-01T00:00:00.000Z', cause: 'never healthy', run: 'r' }
    await quarantine(join(directory, 'releases')).mark(bad)
    const held = await updateIfDue(world, target, install)
    expect(held).toMatchObject({ installed: null, held: expect.stringContaining('never healthy') })
  })

  it('asks again as soon as it is called when the check failed', async () => {
    await configure({ autoUpdate: true })
    await server.close()
    await expect(updateIfDue(world, target, install)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    await expect(updateIfDue(world, target, install)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })
})

describe('the notice of an update', () => {
  it('is there from the check until it is installed', async () => {
    await configure({})
    await releases().write(released('r-0001', '1.0.0'))
    expect(await updateNotice(world, target)).toBeNull()
    const { checkedAt } = await checkForUpdate(world, target)
    const notice = { version: '1.1.0', mandatory: false, checkedAt }
    expect(await updateNotice(world, target)).toEqual(notice)
    await releases().write({ ...released('r-0002', '1.0.0'), command: 'another setting' })
    expect(await updateNotice(world, target)).toEqual(notice)
    await releases().write(released('r-0003', '1.1.0'))
    expect(await updateNotice(world, target)).toBeNull()
  })

  it('is not there when nothing is newer, and asking for a version changes nothing of it', async () => {
    tags = ['1.0.0', '1.1.0-rc.1']
    await configure({})
    await checkForUpdate(world, target)
    const kept = await readFile(join(directory, 'updates', 'last-check.json'), 'utf8')
    await checkForUpdate(world, target, { version: '1.1.0-rc.1' })
    expect(await readFile(join(directory, 'updates', 'last-check.json'), 'utf8')).toBe(kept)
    expect(await updateNotice(world, target)).toBeNull()
  })
})

describe('what runs', () => {
  it('is the release, and not what the config has come to say since', async () => {
    await configure({})
    await releases().write(released('r-0007', '1.1.0'))
    expect(await checkForUpdate(world, target)).toMatchObject({
      current: { version: '1.1.0', release: 'r-0007', digest: sha256(manifestOf('1.1.0')) },
      offer: null,
    })
  })

  it('is what the config says, once that names another repository', async () => {
    await configure({})
    const other = released('r-0007', '1.1.0')
    await releases().write({
      ...other,
      images: { web: { reference: 'registry.example.org/other:1.1.0', imageId: 'x' } },
    })
    expect(await checkForUpdate(world, target)).toMatchObject({ current: { version: '1.0.0', release: null } })
  })
})

describe('behind a proxy', () => {
  it('the registry is asked through HTTPS_PROXY, but for the hosts of NO_PROXY', async () => {
    const asked: string[] = []
    const proxy = createServer().on('connect', ({ url = '' }, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const port = Reflect.get(Object(proxy.address()), 'port')
    const behind = (noProxy: string) => ({
      ...world,
      environment: { ...world.environment, httpsProxy: `http://ada:swordfish@127.0.0.1:${port}`, noProxy },
    })
    const config = { version: '3.0.0', template: 'demo', docker: { image: 'registry.invalid/app:1.0.0' } }
    await writeFile(join(directory, 'deployment-config.yml'), JSON.stringify(config))
    for (const noProxy of ['other.invalid', 'registry.invalid']) {
      const refused = await checkForUpdate(behind(noProxy), target).catch((thrown) => thrown)
      expect(refused).toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
      expect(refused.message).not.toContain('swordfish')
    }
    expect(asked).toEqual(['registry.invalid:443'])
    await configure({})
    expect((await checkForUpdate(behind(''), target)).offer?.version).toBe('1.1.0')
    expect(asked).toHaveLength(1)
    proxy.close()
  })
})
