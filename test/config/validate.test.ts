import { describe, expect, it } from 'vitest'
import { validateConfig } from '../../src/core/config/index.ts'
import { type Config, configSchema } from '../../src/core/config/schema.ts'

const nowhere = () => ({ file: 'c.yml' })
const errors = (config: Omit<Config, 'version'>) =>
  validateConfig({ version: '3.0.0', ...config }, nowhere).errors.map(({ message }) => message)

describe('rules over several fields', () => {
  it('things that listen at the same place have different ports', () => {
    expect(errors({ api: { port: 3000 }, web: { port: 3000 } })).toEqual(['web.port is 3000, and so is api.port'])
    expect(errors({ ingress: { httpPort: 80, httpsPort: 80 } })).toEqual([
      'ingress.httpsPort is 80, and so is ingress.httpPort',
    ])
    expect(errors({ api: { port: 443 }, ingress: { httpsPort: 443 } })).toEqual([
      'api.port is 443, and so is ingress.httpsPort',
    ])
    expect(errors({ database: { host: 'x', port: 1 }, cache: { redis: { host: 'x', port: 1 } } })).toEqual([
      'cache.redis.port is 1, and so is database.port',
    ])
  })

  it('the same number in different containers is no clash', () => {
    expect(
      errors({
        api: { port: 9000 },
        database: { host: 'postgres', port: 9000 },
        storage: { minio: { host: 'minio', port: 9000 } },
      }),
    ).toEqual([])
  })

  it("Let's Encrypt needs an address and a domain, an ingress that can do it, and no certificate beside it", () => {
    expect(errors({ ssl: { letsEncrypt: {} } })).toEqual([
      "ssl.letsEncrypt.email is missing; it is needed by Let's Encrypt",
      "ssl.letsEncrypt.domains is missing; it is needed by Let's Encrypt",
    ])
    expect(errors({ ssl: { letsEncrypt: { email: 'a@b.c' } }, ingress: { domain: 'lab.example.org' } })).toEqual([])
    expect(errors({ ssl: { enabled: false, letsEncrypt: {} } })).toEqual([])
    const letsEncrypt = { email: 'a@b.c', domains: ['lab.example.org'] }
    expect(errors({ ssl: { letsEncrypt }, ingress: { type: 'nginx' } })).toEqual([
      'ssl.letsEncrypt does not work with ingress.type nginx',
    ])
    expect(errors({ ssl: { letsEncrypt, certPath: 'c', keyPath: 'k' } })).toEqual([
      'ssl.letsEncrypt and a certificate of your own exclude each other',
    ])
  })

  it('a certificate comes with its key', () => {
    expect(errors({ ssl: { certPath: 'c.pem' } })).toEqual([
      'ssl.keyPath is missing; it goes with the other one of certificate and key',
    ])
    expect(errors({ ssl: { keyPath: 'k.pem' } })).toEqual([
      'ssl.certPath is missing; it goes with the other one of certificate and key',
    ])
  })

  it('a mode of authentication needs its fields', () => {
    expect(errors({ auth: { mode: 'local' } })).toEqual([])
    expect(errors({ auth: { mode: 'oauth', oauth: { clientId: 'x' } } })).toEqual([
      'auth.oauth.clientSecret is missing; it is needed by auth.mode oauth',
      'auth.oauth.issuer is missing; it is needed by auth.mode oauth',
    ])
    expect(errors({ auth: { mode: 'ldap' } })).toHaveLength(4)
  })

  it('a published password is a warning, in any letter case, a generated one is not', () => {
    const warnings = (password: string) =>
      validateConfig({ version: '3.0.0', database: { password } }, nowhere).warnings.map(({ message }) => message)
    for (const password of ['postgres', 'minioadmin', 'Password', 'secure_password']) {
      expect(warnings(password)).toEqual(['database.password is a published default password'])
    }
    expect(warnings('3zhlEaasJLbqzI3lVnBAunKhtZYOnuK3')).toEqual([])
  })
})

describe('the syntax of single values', () => {
  const accepts = (config: object) => configSchema.safeParse({ version: '3.0.0', ...config }).success
  const host = (value: string) => accepts({ api: { host: value } })
  const url = (value: string) => accepts({ api: { publicUrl: value } })
  const image = (value: string) => accepts({ docker: { image: value } })
  const memory = (value: unknown) => accepts({ resources: { ddalab: { memory: value } } })

  it.each(['postgres', 'my_service', 'lab.example.org', '0.0.0.0', '::1', 'fe80::1', 'a-b.c'])('host %s', (value) => {
    expect(host(value)).toBe(true)
  })
  it.each(['', 'http://x', 'x:80', 'a b', '999.1.1.1', '1.2.3', '-a', 'a-', 'a..b', ':::', '12:34'])(
    'no host: %s',
    (value) => {
      expect(host(value)).toBe(false)
    },
  )

  it.each(['https://lab.example.org', 'http://localhost:8001/api', 'https://[::1]:8443'])('URL %s', (value) => {
    expect(url(value)).toBe(true)
  })
  it.each(['lab.example.org', 'ftp://x', 'https://', 'https:x', 'https://me:pw@x', 'https://a b'])(
    'no URL: %s',
    (value) => {
      expect(url(value)).toBe(false)
    },
  )

  const digest = `sha256:${'0a'.repeat(32)}`
  it.each([
    ...[
      'ddalab',
      'ddalab:latest',
      'sdraeger1/ddalab:2.4.1',
      'localhost:5000/a/b_c/d__e:T_1',
      `reg.example.org/x@${digest}`,
    ],
    ...[`127.0.0.1:5000/x:1@${digest}`, 'Registry.example.org/x'],
  ])('image %s', (value) => {
    expect(image(value)).toBe(true)
  })
  it.each([
    '',
    'Upper',
    'a:b:c',
    'a/B',
    'a@sha256:12',
    'a b',
    'https://x/y',
    ':tag',
    'a:',
    '/a',
    'a//b',
    `a:${'t'.repeat(129)}`,
  ])('no image: %s', (value) => {
    expect(image(value)).toBe(false)
  })

  it('memory is bytes or a size as Compose writes it', () => {
    for (const value of ['512m', '2g', '1.5GB', '1024', 1024]) expect(memory(value)).toBe(true)
    for (const value of ['lots', '-1m', 0, 1.5, '']) expect(memory(value)).toBe(false)
  })
})
