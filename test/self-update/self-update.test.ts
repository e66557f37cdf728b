import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { leaseStore } from '../../src/core/actions/lease.ts'
import { instancePaths } from '../../src/core/instance/index.ts'
import {
  checkProgram,
  type Probe,
  rollbackProgram,
  swapPaths,
  type UpdateRequest,
  updateProgram,
} from '../../src/core/self-update/index.ts'
import type { Said } from '../release/web-server.ts'
import { testWorld } from '../support/world.ts'
import {
  archive,
  installation,
  minisignSigner,
  mirror,
  OTHER,
  probe,
  type Release,
  release,
  standIn,
} from './releases.ts'

const signer = minisignSigner()
const NEW = await release('1.1.0', signer)
const OLD = await release('0.9.0', signer)

/** ddalab 1.0.0 is installed, and a server has these releases. */
async function given(releases: readonly Release[] = [OLD, NEW], change?: (file: string, said: Said) => Said) {
  const here = installation('1.0.0')
  const server = await mirror(releases, change)
  const world = await testWorld('unix:///nowhere.sock')
  onTestFinished(async () => {
    here.remove()
    await server.close()
    await world.remove()
  })
  const request = (version?: string, dryRun = false): UpdateRequest => ({
    place: { url: server.url, key: signer.publicKey },
    version,
    dryRun,
  })
  const update = (version?: string, ask: Probe = probe) => updateProgram(world, here.installed, request(version), ask)
  /** What an update that fails leaves: the old version, and nothing half done. */
  const intact = () => {
    expect(here.version()).toBe('1.0.0')
    expect(existsSync(swapPaths(here.path).next)).toBe(false)
    expect(existsSync(swapPaths(here.path).kept)).toBe(false)
  }
  return { here, server, world, request, update, intact }
}

describe('self update', () => {
  it('installs the newest release and keeps the old program, its mode included', async () => {
    const { here, update } = await given()
    chmodSync(here.path, 0o750)
    expect(await update()).toMatchObject({ before: '1.0.0', after: '1.1.0', changed: true })
    expect(here.version()).toBe('1.1.0')
    expect(statSync(here.path).mode & 0o777).toBe(0o750)
    expect(readFileSync(swapPaths(here.path).previous)).toEqual(standIn('1.0.0'))
    expect(readdirSync(dirname(here.path)).toSorted()).toEqual(['.ddalab-self-update', 'ddalab'])
    expect(readdirSync(swapPaths(here.path).directory).toSorted()).toEqual(['lease', 'previous'])
  })

  it('only tells with --check, and with --dry-run', async () => {
    const { here, world, request, server } = await given()
    expect(await checkProgram(world, here.installed, request())).toMatchObject({ current: '1.0.0', offer: '1.1.0' })
    const tried = await updateProgram(world, here.installed, request(undefined, true), probe)
    expect(tried).toMatchObject({ before: '1.0.0', after: '1.1.0', changed: false })
    expect(here.version()).toBe('1.0.0')
    expect(server.asked.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('.tar.zst'))
  })

  it('does nothing when the newest release is the one that runs, or an older one', async () => {
    for (const releases of [[OLD], [await release('1.0.0', signer)]]) {
      const { here, update } = await given(releases)
      expect(await update()).toMatchObject({ after: '1.0.0', changed: false })
      expect(here.version()).toBe('1.0.0')
    }
  })

  it('goes to an older release only when that is named', async () => {
    const { here, update } = await given()
    expect(await update('v0.9.0')).toMatchObject({ before: '1.0.0', after: '0.9.0', changed: true })
    expect(here.version()).toBe('0.9.0')
  })

  it('goes back, and forward again', async () => {
    const { here, world, update } = await given()
    await update()
    const rollback = () => rollbackProgram(world, { ...here.installed, version: here.version() }, {}, probe)
    expect(await rollback()).toMatchObject({ before: '1.1.0', after: '1.0.0', changed: true })
    expect(here.version()).toBe('1.0.0')
    await rollback()
    expect(here.version()).toBe('1.1.0')
  })

  it('cannot go back where nothing was updated', async () => {
    const { here, world, intact } = await given()
    await expect(rollbackProgram(world, here.installed, {}, probe)).rejects.toMatchObject({
      code: 'ROLLBACK_POINT_NOT_FOUND',
      exit: 3,
    })
    intact()
  })
})

describe('a download that is not to be used leaves the old version as it was', () => {
  const spoil = (match: RegExp, spoiled: (body: Buffer) => Said) => (file: string, said: Said) =>
    match.test(file) && typeof said === 'object' && said.body !== undefined ? spoiled(Buffer.from(said.body)) : said
  const flipped = (body: Buffer) => {
    body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1
    return { body }
  }
  const ARCHIVE = /\.tar\.zst$/

  it.each([
    ['truncated', spoil(ARCHIVE, (body) => ({ body: body.subarray(0, -100) })), 'DIGEST_MISMATCH'],
    ['broken off on the way', spoil(ARCHIVE, () => 'cut'), 'RELEASES_UNREACHABLE'],
    ['tampered with', spoil(ARCHIVE, flipped), 'DIGEST_MISMATCH'],
    ['missing', spoil(ARCHIVE, () => ({ status: 404 })), 'RELEASES_UNREACHABLE'],
    ['with sums that were changed', spoil(/^SHA256SUMS$/, flipped), 'SIGNATURE_INVALID'],
    ['without a signature', spoil(/minisig$/, () => ({ status: 404 })), 'SIGNATURE_MISSING'],
    ['with a page in place of its signature', spoil(/minisig$/, () => ({ body: '<html>' })), 'SIGNATURE_INVALID'],
    ['of a server that is in trouble', spoil(/^SHA256SUMS$/, () => ({ status: 503 })), 'RELEASES_UNREACHABLE'],
    ['of a server that hangs up', spoil(/^SHA256SUMS$/, () => 'drop'), 'RELEASES_UNREACHABLE'],
  ])('%s', async (_what, change, code) => {
    const { update, intact } = await given([NEW], change)
    await expect(update()).rejects.toMatchObject({ code, exit: 4 })
    intact()
  })

  it('signed by somebody else', async () => {
    const { update, intact } = await given([await release('1.1.0', minisignSigner())])
    await expect(update()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
    intact()
  })

  it('for another processor', async () => {
    const { update, intact } = await given([await release('1.1.0', signer, standIn('1.1.0', OTHER))])
    await expect(update()).rejects.toMatchObject({ code: 'PROGRAM_WRONG_PLATFORM', exit: 4 })
    intact()
  })

  it('of a release without a program for this platform', async () => {
    const sums = `${'0'.repeat(64)}  ddalab-1.1.0-plan9-mips.tar.zst\n`
    const files = { SHA256SUMS: sums, 'SHA256SUMS.minisig': signer.sign(sums) }
    const { update, intact } = await given([{ version: '1.1.0', files }])
    await expect(update()).rejects.toMatchObject({ code: 'PROGRAM_WRONG_PLATFORM' })
    intact()
  })

  it('that holds no program', async () => {
    const name = Object.keys(NEW.files).find((file) => ARCHIVE.test(file)) ?? ''
    const { createHash } = await import('node:crypto')
    for (const content of [await archive(standIn('1.1.0'), 'README'), Buffer.from('no archive')]) {
      const sums = `${createHash('sha256').update(content).digest('hex')}  ${name}\n`
      const files = { [name]: content, SHA256SUMS: sums, 'SHA256SUMS.minisig': signer.sign(sums) }
      const { update, intact } = await given([{ version: '1.1.0', files }])
      await expect(update()).rejects.toMatchObject({ code: 'PROGRAM_DAMAGED', exit: 4 })
      intact()
    }
  })

  it('that is another release, served in its place', async () => {
    const { update, intact } = await given([{ ...OLD, version: '1.1.0' }])
    await expect(update('1.1.0')).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
    intact()
  })

  it('that says it is another version', async () => {
    const { update, intact } = await given()
    await expect(update(undefined, async () => '3.0.0')).rejects.toMatchObject({ code: 'PROGRAM_DAMAGED' })
    intact()
  })
})

describe('self update refuses', () => {
  it('a version that is not there, or none at all', async () => {
    const { update, intact } = await given()
    await expect(update('7.0.0')).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND', exit: 3 })
    await expect(update('../../x')).rejects.toMatchObject({ code: 'USAGE', exit: 2 })
    intact()
  })

  it('to trust anybody without a key', async () => {
    const { here, world, server, intact } = await given()
    for (const [key, code] of [
      [undefined, 'SIGNATURE_MISSING'],
      ['no key', 'SIGNATURE_INVALID'],
    ] as const) {
      const refused = updateProgram(world, here.installed, { place: { url: server.url, key } }, probe)
      await expect(refused).rejects.toMatchObject({ code })
    }
    expect(server.asked).toEqual([])
    intact()
  })

  it('to go on when the program runs from its sources, or belongs to a package', async () => {
    const { here, world, request, intact } = await given()
    const sources = { ...here.installed, path: undefined }
    await expect(updateProgram(world, sources, request(), probe)).rejects.toMatchObject({
      code: 'SELF_UPDATE_REFUSED',
      exit: 4,
      options: { hint: expect.stringContaining('git pull') },
    })
    writeFileSync(here.installed.packageFiles ?? '', `/.\n${here.path}\n`)
    await expect(checkProgram(world, here.installed, request())).rejects.toMatchObject({ code: 'SELF_UPDATE_REFUSED' })
    intact()
  })

  it('to replace the program under a run, and downloads nothing then', async () => {
    const { world, update, server, intact } = await given()
    const paths = instancePaths(world.environment.configHome, 'lab')
    mkdirSync(paths.directory, { recursive: true })
    const lease = await leaseStore(world, paths).acquire({ command: 'ddalab deploy' })
    await expect(update()).rejects.toMatchObject({ code: 'LOCKED', exit: 7 })
    expect(server.asked.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('.tar.zst'))
    intact()
    await lease.release()
    expect(await update()).toMatchObject({ changed: true })
  })

  it('to replace the program under a run that began during the download', async () => {
    const { world, update, intact } = await given()
    const paths = instancePaths(world.environment.configHome, 'lab')
    mkdirSync(paths.directory, { recursive: true })
    const meanwhile: Probe = async (path, signal) => {
      await leaseStore(world, paths).acquire({ command: 'ddalab deploy' })
      return probe(path, signal)
    }
    await expect(update(undefined, meanwhile)).rejects.toMatchObject({ code: 'LOCKED' })
    intact()
  })

  it('to be one of two at a time', async () => {
    const { here, update } = await given()
    const both = await Promise.allSettled([update(), update()])
    const lost = both.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(lost).toMatchObject([{ code: 'LOCKED', exit: 7 }])
    expect(here.version()).toBe('1.1.0')
  })

  it('to leave something behind when nothing can be written beside the program', async () => {
    const { here, update, intact } = await given()
    writeFileSync(join(dirname(here.path), '.ddalab-self-update'), 'a file in the way')
    await expect(update()).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      exit: 4,
      message: expect.stringContaining('cannot be replaced'),
    })
    intact()
  })
})
