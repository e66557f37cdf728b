import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { creationRecipients, type IdentityPlaces, identityStore } from '../../src/core/config/index.ts'
import { rejection } from '../support/errors.ts'
import { KEYS, NOW, RECIPIENTS } from './sops-files.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-identity-'))
  file = join(directory, 'home', 'identity.txt')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const store = (more: Partial<IdentityPlaces> = {}) =>
  identityStore({
    platform: process.platform,
    configHome: join(directory, 'home'),
    sopsAgeKey: undefined,
    sopsAgeKeyFile: undefined,
    sopsDefaultKeyFile: join(directory, 'sops', 'keys.txt'),
    ...more,
  })

async function writeIdentity(text: string, mode = 0o600): Promise<void> {
  await mkdir(join(directory, 'home'))
  await writeFile(file, text, { mode })
}

describe('our own identity', () => {
  it('is made once, for its owner alone', async () => {
    const made = await store().own(NOW)
    expect(made).toEqual({ file, recipient: expect.stringMatching(/^age1[0-9a-z]{58}$/), created: true })
    expect(await readFile(file, 'utf8')).toMatch(
      new RegExp(`^# created: 2026-11-21T10:00:00Z\n# public key: ${made.recipient}\nAGE-SECRET-KEY-1[0-9A-Z]{58}\n$`),
    )
    if (process.platform !== 'win32') {
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect((await stat(join(directory, 'home'))).mode & 0o777).toBe(0o700)
    }
    expect(await readdir(join(directory, 'home'))).toEqual(['identity.txt'])
    expect(await store().own(NOW)).toEqual({ ...made, created: false })
    expect((await store().load()).keys).toHaveLength(1)
  })

  it('is one, also when several processes make it at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => store().own(NOW)))
    expect(new Set(made.map(({ recipient }) => recipient)).size).toBe(1)
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect(await readdir(join(directory, 'home'))).toEqual(['identity.txt'])
  })

  it('is never overwritten', async () => {
    await writeIdentity('# emptied by hand\n')
    expect((await rejection(store().own(NOW))).toData()).toMatchObject({ code: 'IDENTITY_INVALID', exit: 4 })
    expect(await readFile(file, 'utf8')).toBe('# emptied by hand\n')
  })

  it.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o620])(
    'is refused when others may use it: %o',
    async (mode) => {
      await writeIdentity(KEYS.rops)
      await chmod(file, mode)
      for (const attempt of [() => store().load(), () => store().own(NOW)]) {
        expect((await rejection(attempt())).toData()).toMatchObject({
          code: 'IDENTITY_UNSAFE',
          exit: 4,
          hint: `Run: chmod 600 ${file}`,
        })
      }
    },
  )

  it('is one that age-keygen understands', async (context) => {
    if (spawnSync('age-keygen', ['-version']).error !== undefined) return context.skip()
    const { recipient } = await store().own(NOW)
    expect(spawnSync('age-keygen', ['-y', file], { encoding: 'utf8' }).stdout.trim()).toBe(recipient)
  })
})

describe('identities', () => {
  it('are read where sops reads them too, and all are tried', async () => {
    await writeIdentity(`\uFEFF# mine\r\n\r\n${KEYS.rops}\r\n`)
    await mkdir(join(directory, 'sops'))
    await writeFile(join(directory, 'sops', 'keys.txt'), `AGE-PLUGIN-YUBIKEY-1ABC\n${KEYS.several}\n${KEYS.rops}\n`)
    const named = join(directory, 'named.txt')
    await writeFile(named, KEYS.flux)
    const given = 'AGE-SECRET-KEY-1W92VNVAX0YKJX4WQ6SV7T7X2PZYUC0STF5TKJLQ9ZUWM62HLMN3QYQZJ6F'
    expect(await store({ sopsAgeKeyFile: named, sopsAgeKey: given }).load()).toEqual({
      keys: [KEYS.rops, KEYS.flux, KEYS.several, given],
      lookedIn: [file, named, 'SOPS_AGE_KEY', join(directory, 'sops', 'keys.txt')],
    })
  })

  it('may be none', async () => {
    const { keys, lookedIn } = await store().load()
    expect(keys).toEqual([])
    expect(lookedIn).toEqual([file, 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_KEY', join(directory, 'sops', 'keys.txt')])
  })

  it('that are none are refused with their line, and not shown', async () => {
    await writeIdentity(`# comment\n${KEYS.rops}x\n`)
    const error = await rejection(store().load())
    expect(error.toData()).toMatchObject({
      code: 'IDENTITY_INVALID',
      message: `${file}, line 2: this is not an age identity`,
    })
    const mistyped = KEYS.rops.replace('EQUCG', 'EQUCF')
    const later = await rejection(
      import('../../src/core/config/sops/data-key.ts').then(({ recipientOf }) => recipientOf(mistyped)),
    )
    expect(later.code).toBe('IDENTITY_INVALID')
    expect(JSON.stringify([error.toData(), later.toData()])).not.toContain('AGE-SECRET-KEY-1E')
  })
})

describe('the rules of .sops.yaml', () => {
  const rules = (text: string) => writeFile(join(directory, '.sops.yaml'), text)
  const recipients = (...path: readonly string[]) => creationRecipients(join(directory, ...path))

  it('say for whom a new file is: the first that matches its path', async () => {
    await rules(`creation_rules:
  - path_regex: ^instances/prod/.*\\.yml$
    age: >-
      ${RECIPIENTS.rops},
      ${RECIPIENTS.flux}
  - path_regex: staging
    age: [${RECIPIENTS.several}]
  - path_regex: grouped
    key_groups: [{age: [${RECIPIENTS.flux}]}]
  - age: ${RECIPIENTS.rops}
`)
    expect(await recipients('instances', 'prod', 'deployment-config.yml')).toEqual([RECIPIENTS.rops, RECIPIENTS.flux])
    expect(await recipients('instances', 'staging', 'deployment-config.yml')).toEqual([RECIPIENTS.several])
    expect(await recipients('grouped.yml')).toEqual([RECIPIENTS.flux])
    expect(await recipients('deployment-config.yml')).toEqual([RECIPIENTS.rops])
  })

  it('leave it to us when none matches', async () => {
    await rules('creation_rules: [{path_regex: other, age: age1}]')
    expect(await recipients('deployment-config.yml')).toBeUndefined()
  })

  it('are those nearest to the file', async () => {
    await rules(`creation_rules: [{age: ${RECIPIENTS.rops}}]`)
    await mkdir(join(directory, 'near'))
    await writeFile(join(directory, 'near', '.sops.yaml'), `creation_rules: [{age: ${RECIPIENTS.flux}}]`)
    expect(await recipients('near', 'config.yml')).toEqual([RECIPIENTS.flux])
  })

  it.each([
    ['creation_rules: [', 'SECRETS_MALFORMED'],
    ['creation_rules: text', 'SECRETS_MALFORMED'],
    ['creation_rules: [{pgp: ABC}]', 'SECRETS_UNSUPPORTED'],
    ['creation_rules: [{key_groups: [{age: [a]}, {age: [b]}]}]', 'SECRETS_UNSUPPORTED'],
    ["creation_rules: [{path_regex: '\\p{Greek}', age: a}]", 'SECRETS_UNSUPPORTED'],
  ])('that cannot be followed are refused: %s', async (text, code) => {
    await rules(text)
    expect((await rejection(recipients('config.yml'))).code).toBe(code)
  })
})
