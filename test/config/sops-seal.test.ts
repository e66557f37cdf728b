import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/core/config/document.ts'
import { editText } from '../../src/core/config/edit/index.ts'
import { getPath, newConfigText, parsePath, secretsIn } from '../../src/core/config/index.ts'
import { rotate } from '../../src/core/config/sops/index.ts'
import { rejection } from '../support/errors.ts'
import { isSecret, KEYS, LATER, madeByOthers, open, RECIPIENTS, sealed } from './sops-files.ts'
import { anyConfig } from './support.ts'

const CONFIG = `version: 3.0.0
api: {port: 8001}   # flow
database:
  password: one # first
cache:
  redis:
    password: two
auth:
  jwtSecret: three
`

const data = (text: string) => parseDocument(text, 'config.yml').data
const set = (text: string, path: string, value: unknown) =>
  editText(text, [{ path: parsePath(path), value }], 'config.yml')
const changedLines = (before: string, after: string) => {
  const former = new Set(before.split('\n'))
  return after
    .split('\n')
    .filter((line) => !former.has(line))
    .map((line) => line.trim().split(':')[0])
}

describe('sealing', () => {
  it('then opening gives back any config, and no secret stands in the text', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig(), async (config) => {
        const text = newConfigText(config)
        const result = await sealed(text)
        const secrets = secretsIn(config).filter(({ value }) => value !== '')
        if (secrets.length === 0) {
          expect(result).toBe(text)
          return
        }
        const opened = await open(result)
        expect(opened.data).toEqual(data(text))
        for (const { path } of secrets) expect(getPath(data(result), path)).toMatch(/^ENC\[AES256_GCM,/)
      }),
      { numRuns: 30 },
    )
  })

  it('keeps any text as a secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (secret) => {
        const text = await sealed(set(CONFIG, 'database.password', secret))
        expect(getPath((await open(text)).data, ['database', 'password'])).toBe(secret)
      }),
      { numRuns: 30 },
    )
  })

  it('leaves a text without secrets as it is, and asks nobody for a recipient', async () => {
    const text = 'version: 3.0.0\napi:\n  port: 8001\n'
    expect(await sealed(text, { recipients: ['nobody'] })).toBe(text)
  })

  it('says what it encrypts, so that plain settings may be edited with any editor', async () => {
    const text = await sealed(CONFIG)
    expect(getPath(data(text), ['sops'])).toMatchObject({
      encrypted_regex: '^(password|secretKey|jwtSecret|bindPassword|clientSecret|secretVariables)$',
      mac_only_encrypted: true,
    })
    // Without quotes the YAML library of sops reads a time, where it wants a text.
    expect(text).toMatch(/lastmodified: (["'])2026-11-21T10:00:00Z\1/)
    const edited = text.replace('8001', '8002').replace('# first', '# the first')
    expect(getPath((await open(edited)).data, ['api', 'port'])).toBe(8002)
  })

  it('again changes nothing', async () => {
    const text = await sealed(CONFIG)
    const former = await open(text)
    expect(await sealed(text, { former, now: LATER })).toBe(text)
    expect(await sealed(set(text, 'api.port', 8002), { former, now: LATER })).toBe(text.replace('8001', '8002'))
  })

  it('of one changed secret changes its line and the MAC', async () => {
    const text = await sealed(CONFIG)
    const former = await open(text)
    const result = await sealed(set(text, 'cache.redis.password', 'four'), { former, now: LATER })
    expect(changedLines(text, result)).toEqual(['password', 'lastmodified', 'mac'])
    expect((await open(result)).data).toEqual(data(set(CONFIG, 'cache.redis.password', 'four')))
  })

  it('of a secret that is written again as it was keeps its bytes', async () => {
    const text = await sealed(CONFIG)
    const result = await sealed(set(text, 'cache.redis.password', 'two'), { former: await open(text), now: LATER })
    expect(result).toBe(text)
  })

  it('follows a secret that was added, removed, or moved', async () => {
    const text = await sealed(CONFIG)
    const former = await open(text)
    const added = await sealed(set(text, 'secretVariables.TOKEN', 'five'), { former, now: LATER })
    expect(changedLines(text, added).toSorted()).toEqual(['TOKEN', 'lastmodified', 'mac', 'secretVariables'])
    const removed = await sealed(set(text, 'auth', undefined), { former, now: LATER })
    expect((await open(removed)).data).toEqual(data(set(CONFIG, 'auth', undefined)))
    const value = getPath(data(text), ['auth', 'jwtSecret'])
    const moved = await sealed(set(set(text, 'auth', undefined), 'secretVariables.JWT', value), { former, now: LATER })
    expect(getPath((await open(moved)).data, ['secretVariables', 'JWT'])).toBe('three')
  })

  it('widens the rule of a file that leaves out a secret', async () => {
    const isSecretToo = (path: readonly (string | number)[]) => isSecret(path) || path.at(-1) === 'GRAFANA'
    const text = await sealed(set(CONFIG, 'parameters.GRAFANA', 'six'), { isSecret: isSecretToo })
    expect(getPath(data(text), ['sops', 'encrypted_regex'])).toMatch(/^\^\(password\|.*\|GRAFANA\)\$$/)
    const plain = set(text, 'parameters.SMTP', 'seven')
    const result = await sealed(plain, {
      former: await open(text),
      isSecret: (path) => isSecretToo(path) || path.at(-1) === 'SMTP',
      now: LATER,
    })
    expect(changedLines(plain, result)).toEqual(['SMTP', 'lastmodified', 'mac', 'encrypted_regex'])
    expect(getPath((await open(result)).data, ['parameters'])).toEqual({ GRAFANA: 'six', SMTP: 'seven' })
  })

  it('keeps the order of the text in the MAC, also where names are numbers', async () => {
    const text = await sealed("version: 3.0.0\nsecretVariables: {b: one, '10': two, '2': three, a: four}\n")
    expect((await open(text)).data).toMatchObject({ secretVariables: { b: 'one', 10: 'two', 2: 'three', a: 'four' } })
  })

  it('keeps line ends and the byte-order mark', async () => {
    const text = await sealed(`\uFEFF${CONFIG}`.replaceAll('\n', '\r\n'))
    expect(text.startsWith('\uFEFFversion: 3.0.0\r\n')).toBe(true)
    expect(text).not.toMatch(/[^\r]\n/)
    expect((await open(text)).data).toEqual(data(CONFIG))
  })
})

describe('files of others', () => {
  it.each([
    ['rops-encrypted-regex', KEYS.rops, 'a.encrypted_1.b'],
    ['rops-encrypted-suffix', KEYS.rops, 'b_encrypted'],
    ['rops-unencrypted-regex', KEYS.rops, 'b'],
    ['rops-unencrypted-suffix', KEYS.rops, 'unencrypted_not'],
    ['rops-mac-only-encrypted', KEYS.rops, 'a_encrypted'],
    ['rops-all-types', KEYS.rops, 'example_array[1]'],
    ['several-recipients', KEYS.several, 'complex.array[0]'],
    ['flux', KEYS.flux, 'stringData.key'],
  ])('%s: a changed value is sealed by the rule of the file', async (name, key, path) => {
    const text = madeByOthers(name)
    const former = await open(text, key)
    expect(await sealed(text, { former, isSecret: () => false })).toBe(text)
    const result = await sealed(set(text, path, 'new'), { former, isSecret: () => false, now: LATER })
    expect(result).not.toContain(': new\n')
    expect((await open(result, key)).data).toEqual(wished(former.data, path, 'new'))
    expect(changedLines(text, result).slice(-2).toSorted()).toEqual(['lastmodified', 'mac'])
    expect(changedLines(text, result)).toHaveLength(3)
    expect(result).toMatch(/lastmodified: (["'])2026-11-22T10:00:00Z\1/)
  })

  it('have a MAC over everything, which is renewed when anything changes', async () => {
    const text = madeByOthers('flux')
    const former = await open(text, KEYS.flux)
    const plain = set(text, 'metadata.name', 'other')
    expect((await rejection(open(plain, KEYS.flux))).code).toBe('SECRETS_MAC_WRONG')
    const result = await sealed(plain, { former, isSecret: () => false, now: LATER })
    expect(changedLines(plain, result)).toEqual(['lastmodified', 'mac'])
    await open(result, KEYS.flux)
  })

  it('with a rule by suffix get one by name when a secret of ours is left out', async () => {
    const text = madeByOthers('rops-encrypted-suffix')
    const former = await open(text)
    const plain = set(text, 'database', { password: 'new', user: 'me' })
    const result = await sealed(plain, { former, now: LATER })
    expect(getPath(data(result), ['sops'])).toMatchObject({ encrypted_regex: 'encrypted$|^(password)$' })
    expect((await open(result)).data).toMatchObject({ database: { password: 'new', user: 'me' }, b_encrypted: 'xxx' })
    expect(result).not.toMatch(/new|encrypted_suffix/)
  })

  it('whose rule wants a secret of ours in plain text are refused', async () => {
    const text = madeByOthers('rops-unencrypted-regex')
    const error = await rejection(
      sealed(set(text, 'a.unencrypted_1.a', 'new'), { former: await open(text), isSecret: () => true }),
    )
    expect(error.toData()).toMatchObject({
      code: 'SECRETS_UNSUPPORTED',
      message: expect.stringContaining('a.unencrypted_1.a'),
    })
  })
})

describe('rotating', () => {
  const options = { now: LATER, randomBytes }

  it('gives a new data key to the recipients that are named, and takes the old one from the others', async () => {
    const text = await sealed(CONFIG, { recipients: [RECIPIENTS.rops, RECIPIENTS.flux] })
    const former = await open(text, KEYS.flux)
    const result = await rotate(text, 'config.yml', former, {
      ...options,
      recipients: [RECIPIENTS.rops, RECIPIENTS.several],
    })
    for (const key of [KEYS.rops, KEYS.several]) {
      const opened = await open(result, key)
      expect(opened.data).toEqual(data(CONFIG))
      expect(opened.dataKey).not.toEqual(former.dataKey)
    }
    expect((await rejection(open(result, KEYS.flux))).code).toBe('IDENTITY_MISSING')
    const encrypted = (content: string) => new Set(content.match(/ENC\[[^\]]*\]/g))
    expect(encrypted(text).intersection(encrypted(result)).size).toBe(0)
    expect(result.replaceAll(/ENC\[[^\]]*\]/g, '').split('sops:')[0]).toBe(
      text.replaceAll(/ENC\[[^\]]*\]/g, '').split('sops:')[0],
    )
  })

  it('works on a file of others', async () => {
    const text = madeByOthers('several-recipients')
    const former = await open(text, KEYS.several)
    const result = await rotate(text, 'config.yml', former, { ...options, recipients: [RECIPIENTS.rops] })
    expect((await open(result)).data).toEqual(former.data)
  })

  it('refuses a file that is also for keys of another kind', async () => {
    const text = set(await sealed(CONFIG), 'sops.pgp', [{ created_at: '2024-01-01T00:00:00Z', enc: 'x', fp: 'y' }])
    const error = await rejection(
      rotate(text, 'config.yml', await open(text), { ...options, recipients: [RECIPIENTS.rops] }),
    )
    expect(error.toData()).toMatchObject({ code: 'SECRETS_UNSUPPORTED', message: expect.stringContaining('pgp') })
  })
})

/** The data as an edit of its own makes it. */
function wished(content: unknown, path: string, value: unknown): unknown {
  return data(set(JSON.stringify(content), path, value))
}
