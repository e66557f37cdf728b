import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  isEncrypted,
  isSealed,
  isSecretPath,
  loadConfig,
  openConfig,
  openConfigText,
  parseConfig,
  parsePath,
} from '../../src/core/config/index.ts'
import { errorOf, rejection } from '../support/errors.ts'
import { KEYS, open, sealed } from './sops-files.ts'
import { complaints, problemsOf } from './support.ts'

const CONFIG = `version: 3.0.0
database:
  password: minioadmin
cache:
  redis:
    password: swordfish
secretVariables:
  TOKEN: two words
`

const identities = { load: async () => ({ keys: [KEYS.rops], lookedIn: ['identity.txt'] }) }
const noIdentities = { load: async () => ({ keys: [], lookedIn: ['identity.txt'] }) }

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ddalab-sealed-'))
  file = join(directory, 'deployment-config.yml')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('a sealed config', () => {
  it('is read without an identity: secrets stay encrypted', async () => {
    await writeFile(file, await sealed(CONFIG))
    const { document } = await loadConfig(file)
    expect(document.config).toEqual({
      version: '3.0.0',
      database: { password: expect.stringMatching(/^ENC\[/) },
      cache: { redis: { password: expect.stringMatching(/^ENC\[/) } },
      secretVariables: { TOKEN: expect.stringMatching(/^ENC\[/) },
    })
    expect(isEncrypted(document.config.database?.password)).toBe(true)
  })

  it('is opened with one: it is what it was, and says what to hide', async () => {
    await writeFile(file, await sealed(CONFIG))
    const opened = await openConfig(file, identities)
    const plain = parseConfig(CONFIG, file)
    expect(opened.document.config).toEqual(plain.document.config)
    expect(opened.warnings.map(({ message, place }) => [message, place])).toEqual(
      plain.warnings.map(({ message, place }) => [message, place]),
    )
    expect(opened.secretValues).toEqual(['minioadmin', 'swordfish', 'two words'])
    expect(opened.unsealed?.recipients).toHaveLength(1)
  })

  it('is refused without the identity, and with a changed value', async () => {
    const text = await sealed(CONFIG)
    expect((await rejection(openConfigText(text, file, noIdentities))).code).toBe('IDENTITY_MISSING')
    const damaged = text.replace(/(TOKEN: ENC.*tag:)./, '$1!')
    expect((await rejection(openConfigText(damaged, file, identities))).code).toBe('SECRETS_MALFORMED')
  })

  it('of an older version is carried up like any other', async () => {
    const old = await sealed('version: 1.0.0\ndatabase: {password: one}\n')
    expect(parseConfig(old, file).sourceVersion).toBe('1.0.0')
    const { document, sourceVersion } = await openConfigText(old, file, identities)
    expect([sourceVersion, document.config.version, document.config.database]).toEqual([
      '1.0.0',
      '3.0.0',
      { password: 'one' },
    ])
  })

  it('with everything encrypted, as sops does by itself, is read where it is opened', async () => {
    const all = `version: 3.0.0\napi: {port: 8001}\nprofiles: [monitoring]\ndatabase: {password: one}\n`
    const text = await sealed(all, { isSecret: ([section]) => section !== 'version' })
    expect((await openConfigText(text, file, identities)).document.config).toEqual(
      parseConfig(all, file).document.config,
    )
    expect(complaints(text)).toEqual([
      '2:13 api.port is encrypted, and is no secret | What opens the secrets can read it, such as a deploy; the rest needs it in plain text.',
    ])
  })

  it('tells what is wrong with its settings with their places', async () => {
    const text = (await sealed(CONFIG)).replace('version: 3.0.0\n', 'version: 3.0.0\napi: {prot: 1}\n')
    const [problem] = problemsOf(await rejection(openConfigText(text, file, identities)))
    expect(problem).toMatchObject({ code: 'CONFIG_INVALID', place: { line: 2, column: 7 } })
  })
})

describe('a config that is not sealed', () => {
  it('is opened without looking for identities, and says what to hide', async () => {
    const nobody = { load: () => Promise.reject(new Error('nobody asked')) }
    const { document, unsealed, secretValues } = await openConfigText(CONFIG, file, nobody)
    expect(document.config).toEqual(parseConfig(CONFIG, file).document.config)
    expect(unsealed).toBeUndefined()
    expect(secretValues).toEqual(['minioadmin', 'swordfish', 'two words'])
  })

  it('has no setting sops', () => {
    expect(isSealed({ sops: 'x' })).toBe(false)
    expect(errorOf(() => parseConfig('version: 3.0.0\nsops: 1\n', file)).message).toContain('sops')
  })

  it('that is no YAML says so', async () => {
    expect((await rejection(openConfigText('version: [', file, identities))).code).toBe('CONFIG_UNREADABLE')
  })
})

describe('the settings that are secret', () => {
  it.each([
    ['database.password', true],
    ['auth.oauth.clientSecret', true],
    ['secretVariables.ANY', true],
    ['environments.staging.cache.redis.password', true],
    ['environments.production.secretVariables.ANY', true],
    ['parameters.GRAFANA_ADMIN_PASSWORD', true],
    ['environments.staging.parameters.GRAFANA_ADMIN_PASSWORD', true],
    ['parameters.GRAFANA_PORT', false],
    ['variables.ANY', false],
    ['database.user', false],
    ['environments.staging.database.user', false],
    ['secretVariables', false],
  ])('%s: %s', (path, expected) => {
    expect(isSecretPath(parsePath(path), ['parameters.GRAFANA_ADMIN_PASSWORD'])).toBe(expected)
  })

  it('are encrypted below an environment too', async () => {
    const text = await sealed('version: 3.0.0\nenvironments: {staging: {database: {password: swordfish}}}\n')
    expect(text).not.toContain('swordfish')
    expect((await open(text)).data).toMatchObject({
      environments: { staging: { database: { password: 'swordfish' } } },
    })
  })
})
