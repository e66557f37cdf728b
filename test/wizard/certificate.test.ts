import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkCertificateFiles } from '../../src/core/actions/certificate-files.ts'
import { createSelfSignedCertificate } from '../../src/core/stack/index.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

let world: TestWorld
const file = (name: string) => join(world.directory, name)

beforeAll(async () => {
  world = await testWorld('unix:///nowhere.sock')
  const [own, other] = ['lab.example.org', 'else.example.org'].map((name) =>
    createSelfSignedCertificate([name], new Date()),
  )
  await writeFile(file('cert.pem'), own?.certificate ?? '')
  await writeFile(file('key.pem'), own?.key ?? '', { mode: 0o600 })
  await writeFile(file('other.pem'), other?.key ?? '', { mode: 0o600 })
})
afterAll(() => world.remove())

it.each([
  ['a pair for the domain', 'cert.pem', 'key.pem', 'lab.example.org', 'good', /are a pair/],
  ['another domain', 'cert.pem', 'key.pem', 'new.example.org', 'warn', /not for ingress\.domain/],
  ['the key of another', 'cert.pem', 'other.pem', 'lab.example.org', 'bad', /not the key of the certificate/],
  ['no file', 'cert.pem', 'none.pem', 'lab.example.org', 'bad', /does not exist/],
  ['a key for a certificate', 'key.pem', 'key.pem', 'lab.example.org', 'bad', /no certificate/],
])('%s', async (_case, certificate, key, domain, tone, text) => {
  const files = { certificate: file(certificate), key: file(key), domain }
  const found = await checkCertificateFiles(world, { instance: 'lab' }, files)
  expect(found).toMatchObject({ tone, text: expect.stringMatching(text) })
})
