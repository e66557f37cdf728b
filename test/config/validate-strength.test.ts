import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConfig, generateSecret, isSecretPath, isSecretSchemaPath } from '../../src/core/config/index.ts'
import type { Config } from '../../src/core/config/schema.ts'
import { isPublished } from '../../src/core/config/validate/published.ts'
import { estimateBits, isWeak } from '../../src/core/config/validate/strength.ts'

describe('the strength of a secret', () => {
  it.each([
    ['short', 'x7Kp2mQ9'],
    ['one character', 'a'.repeat(60)],
    ['a piece repeated', 'x7Kp'.repeat(15)],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['backwards', '9876543210zyxwvutsrq'],
    ['a row of keys', 'QWERTYUIOPasdfghjkl'],
    ['a zigzag of keys', '1qaz2wsx3edc4rfv'],
    ['digits alone', '482910573821'],
    ['a word and a year', 'Sommer2024!'],
    ['a word with signs for letters', 'P@55w0rd-2025'],
  ])('%s is weak', (_, value) => {
    expect(isWeak(value)).toBe(true)
  })

  it('names that others know count for nothing', () => {
    const value = 'neurolab.example.org7'
    expect(isWeak(value)).toBe(false)
    expect(isWeak(value, ['neurolab.example.org'])).toBe(true)
    expect(isWeak(value, ['neurolab', 'example'])).toBe(true)
  })

  it.each(['x7Kp2mQ9vL', 'correct horse battery staple', '9f86d081884c7d65', 'Grüße aus der 3. Etage'])(
    '%s is not',
    (value) => {
      expect(isWeak(value)).toBe(false)
    },
  )

  it('what is generated is never weak and never published', () => {
    const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(bytes, fc.constantFrom('password' as const, 'hex' as const), (random, kind) => {
        // Bytes that are all alike are no randomness.
        fc.pre(new Set(random).size > 20)
        const value = generateSecret(kind, () => random)
        expect(estimateBits(value)).toBeGreaterThan(100)
        expect(isPublished(value)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('any text has one, also a very long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(estimateBits(text)).toBeGreaterThanOrEqual(0)
      }),
    )
    expect(estimateBits('ab'.repeat(400_000))).toBeLessThan(50)
  })
})

describe('what is said about secrets', () => {
  /** No word of the findings holds these, so that a value that turns up was taken from the config. */
  const anySecret = fc.stringMatching(/^[QXZ0-9#%]{4,24}$/)

  it('never has the value of one, whichever it is and wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(anySecret, { minLength: 8, maxLength: 8 }), (values) => {
        const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = values
        const config: Config = {
          version: '3.0.0',
          environment: 'production',
          database: { password: a, user: a, host: 'db' },
          storage: { minio: { accessKey: 'app', secretKey: b } },
          cache: { redis: { password: c } },
          auth: {
            mode: 'ldap',
            jwtSecret: d,
            ldap: { bindPassword: e, serverUrl: 'ldap://a.org', bindDn: 'cn=x', userBase: 'x' },
          },
          parameters: { ADMIN: f },
          secretVariables: { KEY: g, SAME: g },
          environments: { staging: { database: { password: h } } },
        }
        const found = checkConfig(config, {
          file: config,
          defaults: {},
          sourceVersion: '3.0.0',
          names: [b],
          isSecret: (path) => isSecretPath(path, ['parameters.ADMIN']),
        })
        const told = found.map(({ message, hint }) => `${message}\n${hint}`).join('\n')
        for (const value of values) expect(told).not.toContain(value)
      }),
    )
  })
})

describe('environments of one file', () => {
  const judge = (settings: Omit<Config, 'version'>) => {
    const file: Config = { version: '3.0.0', ...settings }
    const around = { file, defaults: {}, sourceVersion: '3.0.0', names: [], isSecret: isSecretSchemaPath }
    return checkConfig(file, around).map(({ rule, path, message }) => ({ rule, path: path.join('.'), message }))
  }

  it('are judged each: what an overlay brings about is told at its place, with its name', () => {
    expect(
      judge({ environment: 'development', api: { port: 1 }, environments: { production: { web: { port: 1 } } } }),
    ).toContainEqual({
      rule: 'port-clash',
      path: 'environments.production.web.port',
      message: 'In production: web.port is 1, and so is api.port',
    })
  })

  it('what an overlay puts right is no finding', () => {
    const found = judge({
      environment: 'production',
      api: { port: 2000 },
      web: { port: 2000 },
      environments: { production: { web: { port: 3000 } } },
    })
    expect(found.filter(({ rule }) => rule === 'port-clash')).toEqual([])
  })

  it('rules for production look at the production of the file, whatever its own environment is', () => {
    const settings = { environment: 'development', docker: { image: 'a:latest' } } as const
    expect(judge(settings).map(({ rule }) => rule)).not.toContain('image-floating')
    expect(judge({ ...settings, environments: { production: { api: { port: 1 } } } })).toContainEqual(
      expect.objectContaining({ rule: 'image-floating', path: 'docker.image' }),
    )
  })
})
