import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type RunCredentialHelper,
  registryAuth,
  runCredentialHelper,
} from '../../../src/core/providers/docker/client/index.ts'
import { script } from './ssh-server.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const decoded = (auth: string | undefined) =>
  auth === undefined ? undefined : JSON.parse(atob(auth.replaceAll('-', '+').replaceAll('_', '/')))

const noHelper: RunCredentialHelper = async () => {
  throw new Error('no helper was expected')
}

/** What is found with this config file. */
async function found(registry: string, config: object | undefined, runHelper = noHelper) {
  const text = config === undefined ? undefined : JSON.stringify(config)
  const read = async (path: string) => (path === '/home/ada/.docker/config.json' ? text : undefined)
  return registryAuth(registry, { folder: '/home/ada/.docker', platform: 'linux', read, runHelper })
}

const answering =
  (answers: { readonly [key: string]: { readonly Username: string; readonly Secret: string } }): RunCredentialHelper =>
  async (name, registry) => {
    const answer = answers[`${name} ${registry}`]
    if (answer === undefined) return { exitCode: 1, stdout: 'credentials not found in native keychain' }
    return { exitCode: 0, stdout: JSON.stringify({ ServerURL: registry, ...answer }) }
  }

describe('rule 21: credentials of a registry', () => {
  const auths = { 'r.example': { auth: base64('file:file-secret') } }

  it('come from its own helper, then from the store, then from the file', async () => {
    const runHelper = answering({
      'own r.example': { Username: 'own', Secret: '1' },
      'store r.example': { Username: 'store', Secret: '2' },
    })
    const user = async (config: object) => decoded((await found('r.example', config, runHelper)).auth)?.username
    expect(await user({ auths, credsStore: 'store', credHelpers: { 'r.example': 'own' } })).toBe('own')
    expect(await user({ auths, credsStore: 'store', credHelpers: { 'other.example': 'own' } })).toBe('store')
    expect(await user({ auths, credsStore: 'empty' })).toBe('file')
    expect(await user({ auths })).toBe('file')
  })

  it('are not there without a login', async () => {
    expect(await found('r.example', undefined)).toEqual({})
    expect(await found('r.example', {})).toEqual({})
    expect(await found('other.example', { auths })).toEqual({})
    expect(await found('r.example', { auths: { 'r.example': {} } })).toEqual({})
  })

  it('are kept for Docker Hub under its old name', async () => {
    const config = { auths: { 'https://index.docker.io/v1/': { auth: base64('ada:x') } } }
    expect(decoded((await found('docker.io', config)).auth)).toEqual({
      username: 'ada',
      password: 'x',
      serveraddress: 'https://index.docker.io/v1/',
    })
  })

  it('are found under an address with scheme and path, as old logins wrote it', async () => {
    const config = { auths: { 'https://r.example/v2/': { auth: base64('ada:a:b') } } }
    expect(decoded((await found('r.example', config)).auth)).toMatchObject({ username: 'ada', password: 'a:b' })
  })

  it('may be an identity token, of the file or of a helper', async () => {
    const inFile = { auths: { 'r.example': { auth: base64('x:'), identitytoken: 'T' } } }
    expect(decoded((await found('r.example', inFile)).auth)).toEqual({ identitytoken: 'T', serveraddress: 'r.example' })
    const helper = answering({ 'store r.example': { Username: '<token>', Secret: 'T2' } })
    expect(decoded((await found('r.example', { credsStore: 'store' }, helper)).auth)).toEqual({
      identitytoken: 'T2',
      serveraddress: 'r.example',
    })
  })

  it('of a helper that fails are told as a warning, without what it said', async () => {
    const broken: RunCredentialHelper = async () => ({ exitCode: 2, stdout: 'secret words' })
    const result = await found('r.example', { credsStore: 'desktop' }, broken)
    expect(result).toEqual({ warning: 'The credential helper docker-credential-desktop gave no answer for r.example' })
    expect(await found('r.example', { auths, credsStore: 'desktop' }, broken)).toHaveProperty('auth')
    expect(await found('r.example', { credsStore: '../evil' })).toHaveProperty('warning')
  })
})

describe.skipIf(process.platform === 'win32')('a real credential helper', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ddalab-helper-'))
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is asked through its stdin, never through arguments', async () => {
    const line = 'read server; echo "{\\"Username\\":\\"$1 $server\\",\\"Secret\\":\\"s\\"}"'
    vi.stubEnv('PATH', `${script(folder, 'docker-credential-test', line)}:${process.env.PATH}`)
    expect(decoded((await found('r.example', { credsStore: 'test' }, runCredentialHelper)).auth)).toMatchObject({
      username: 'get r.example',
    })
    expect(await found('r.example', { credsStore: 'not-installed' }, runCredentialHelper)).toHaveProperty('warning')
  })
})
