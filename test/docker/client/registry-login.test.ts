import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { registryLogin } from '../../../src/core/providers/docker/registry-login.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddalab-login-'))
})
afterEach(() => rm(folder, { recursive: true }))

const login = () => registryLogin('registry.example.org', { dockerConfigDir: folder, platform: process.platform })

test('rule 21: nothing where there is no file, or none of this registry', async () => {
  expect(await login()).toBeUndefined()
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { 'other.example.org': { auth: 'YTpi' } } }))
  expect(await login()).toBeUndefined()
})

test.each([
  [
    { auth: Buffer.from('ada:sword:fish').toString('base64') },
    { kind: 'password', user: 'ada', password: 'sword:fish' },
  ],
  [{ identitytoken: 'me' }, { kind: 'identity', token: 'me' }],
  [{ registrytoken: 'bearer' }, { kind: 'bearer', token: 'bearer' }],
])('rule 21: %j', async (entry, expected) => {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { 'registry.example.org': entry } }))
  expect(await login()).toEqual(expected)
})
