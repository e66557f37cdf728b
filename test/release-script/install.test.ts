import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Finished, start } from '../cli/run-cli.ts'
import { type Said, type WebServer, webServer } from '../release/web-server.ts'
import { OTHER, standIn } from '../self-update/releases.ts'
import { config, effects, ROOT, script, signer, standInRelease, temporary } from './support.ts'

const SCRIPT = join(ROOT, 'scripts', 'install.sh')
const has = (command: string) => spawnSync(command, ['--version']).error === undefined
const isHere = process.platform !== 'win32'

interface Given {
  readonly output?: string
  readonly change?: (file: string, said: Said) => Said
  /** Programs that are not to be found. */
  readonly without?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** A release behind a server, and a directory to install into. */
async function given({ output = temporary(), change = (_file, said) => said, without = [], env = {} }: Given = {}) {
  if (!existsSync(join(output, 'SHA256SUMS'))) await standInRelease(output, { targets: unix })
  const server: WebServer = await webServer((path) => {
    const [, version, file = ''] = /^\/(?:latest\/download|download\/v([^/]+))\/(.+)$/.exec(path) ?? []
    const isThere = existsSync(join(output, file)) && (version === undefined || version === '1.2.0')
    return change(file, isThere ? { body: readFileSync(join(output, file)) } : { status: 404 })
  })
  onTestFinished(() => server.close())
  const directory = join(temporary(), 'bin')
  const variables = {
    DDALAB_RELEASES_URL: `http://${server.address}`,
    DDALAB_RELEASES_KEY: signer.publicKey,
    PATH: without.length === 0 ? (process.env.PATH ?? '') : pathWithout(without),
    ...env,
  }
  const install = (...words: readonly string[]): Promise<Finished> =>
    start('/bin/sh', [SCRIPT, '--dir', directory, ...words], { env: variables }).finished
  return { directory, install, server }
}

const unix = config.targets.filter(({ os }) => os !== 'windows')

/** Links to what the script may use, but these. */
function pathWithout(without: readonly string[]): string {
  const folder = temporary()
  const programs =
    'sh curl wget tar gzip zstd minisign openssl sha256sum shasum uname mktemp rm mkdir cp mv chmod grep sed head tail od wc tr cat ldd env'
  for (const program of programs.split(' ').filter((name) => !without.includes(name))) {
    const place = (process.env.PATH ?? '').split(':').find((directory) => existsSync(join(directory, program)))
    if (place !== undefined) symlinkSync(join(place, program), join(folder, program))
  }
  return folder
}

const ARCHIVE = /\.tar\.(?:gz|zst)$/
const spoil = (match: RegExp, spoiled: (body: Buffer) => Said) => (file: string, said: Said) =>
  match.test(file) && typeof said === 'object' && said.body !== undefined ? spoiled(Buffer.from(said.body)) : said
const flipped = (body: Buffer): Said => {
  body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1
  return { body }
}

describe.runIf(isHere)('the install script', () => {
  it.runIf(has('shellcheck'))('is a POSIX script without a finding', () => {
    const { status, stdout } = spawnSync('shellcheck', ['--shell=sh', SCRIPT], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })

  it.each([
    ['with what is here', []],
    ['with gzip, where there is no zstd', ['zstd']],
    ['with wget, where there is no curl', ['curl']],
    ['with openssl, where there is no minisign', ['minisign']],
  ])('installs the newest release, %s', async (_what, without) => {
    const { directory, install } = await given({ without })
    const { code, stderr } = await install()
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`ddalab 1.2.0 is in ${directory}`),
    })
    expect(readdirSync(directory)).toEqual(['ddalab'])
    expect(readFileSync(join(directory, 'ddalab'), 'utf8')).toBe(script('1.2.0'))
    expect(statSync(join(directory, 'ddalab')).mode & 0o777).toBe(0o755)
    expect(stderr).not.toContain('only the sums')
  })

  it('installs a version that is named, also over another', async () => {
    const { directory, install } = await given()
    mkdirSync(directory)
    writeFileSync(join(directory, 'ddalab'), 'an older one')
    expect(await install('--version', 'v1.2.0')).toMatchObject({ code: 0 })
    expect(readFileSync(join(directory, 'ddalab'), 'utf8')).toBe(script('1.2.0'))
    expect(await install('--version', '7.0.0')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no release'),
    })
    expect(await install('--version', '../x')).toMatchObject({ code: 1, stderr: expect.stringContaining('no version') })
  })

  it('says that only the sums are checked where nothing checks signatures', async () => {
    const { install } = await given({ without: ['minisign', 'openssl'] })
    expect(await install()).toMatchObject({ code: 0, stderr: expect.stringContaining('cannot be checked') })
  })

  it('takes an unsigned release only when told to', async () => {
    const { directory, install } = await given({ change: spoil(/minisig$/, () => ({ status: 404 })) })
    expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining('not signed') })
    expect(existsSync(directory)).toBe(false)
    expect(await install('--unsigned')).toMatchObject({ code: 0 })
  })
})

describe.runIf(isHere)('what is not to be used is not installed, and what was there stays', () => {
  it.each([
    ['an archive that breaks off', { change: spoil(ARCHIVE, () => 'cut') }, 'cannot be downloaded'],
    ['a truncated archive', { change: spoil(ARCHIVE, (body) => ({ body: body.subarray(0, 500) })) }, 'SHA-256'],
    ['an archive that was tampered with', { change: spoil(ARCHIVE, flipped) }, 'not what its SHA-256 says'],
    ['sums that were tampered with', { change: spoil(/SUMS$/, flipped) }, 'signature'],
    ['the same, seen by openssl', { change: spoil(/SUMS$/, flipped), without: ['minisign'] }, 'signature'],
    ['a signature that was tampered with', { change: spoil(/minisig$/, flipped), without: ['minisign'] }, 'signature'],
    ['no sums', { change: spoil(/SUMS$/, () => ({ status: 404 })) }, 'there is no release'],
    ['a page in place of the sums', { change: spoil(/^SHA/, () => ({ body: '<html>' })) }, 'signature'],
    ['a server that is not HTTPS', { env: { DDALAB_RELEASES_URL: 'http://example.org' } }, 'not HTTPS'],
    ['a system without a SHA-256', { without: ['sha256sum', 'shasum', 'openssl'] }, 'SHA-256'],
  ] as const)('%s', async (_what, how, message) => {
    const { directory, install } = await given(how)
    mkdirSync(directory)
    writeFileSync(join(directory, 'ddalab'), 'an older one')
    const { code, stderr } = await install()
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
    expect(readdirSync(directory)).toEqual(['ddalab'])
    expect(readFileSync(join(directory, 'ddalab'), 'utf8')).toBe('an older one')
  })

  it('a program for another processor, or of another version', async () => {
    for (const program of [standIn('1.2.0', OTHER), script('9.9.9')]) {
      const output = temporary()
      await standInRelease(
        output,
        { targets: unix },
        effects(() => program),
      )
      const { directory, install } = await given({ output })
      expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining('the program') })
      expect(readdirSync(directory)).toEqual([])
    }
  })

  it('on a processor or a system for which there is none', async () => {
    for (const [system, machine, message] of [
      ['Linux', 'riscv64', 'processor riscv64'],
      ['Plan9', 'x86_64', 'no ddalab for Plan9'],
      ['MINGW64_NT-10.0', 'x86_64', 'Windows'],
    ]) {
      const folder = temporary()
      writeFileSync(join(folder, 'uname'), `#!/bin/sh\ncase $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac\n`)
      chmodSync(join(folder, 'uname'), 0o755)
      const { directory, install } = await given({ env: { PATH: `${folder}:${process.env.PATH}` } })
      expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining(message ?? '') })
      expect(existsSync(directory)).toBe(false)
    }
  })

  it('where the release has none for this platform', async () => {
    const output = temporary()
    await standInRelease(output, { targets: config.targets.filter(({ os }) => os === 'windows') })
    const { install } = await given({ output })
    expect(await install()).toMatchObject({ code: 1, stderr: expect.stringContaining('the release has no ddalab for') })
  })
})
