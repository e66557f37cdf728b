import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatPath,
  generateSecret,
  getPath,
  parseAssignment,
  parsePath,
  setPath,
} from '../../src/core/config/index.ts'
import { secretPaths } from '../../src/core/config/schema-walk.ts'
import { errorOf } from '../support/errors.ts'

describe('--set K=V', () => {
  it.each([
    ['api.port=8002', ['api', 'port'], 8002],
    ['updates.autoUpdate=true', ['updates', 'autoUpdate'], true],
    ['docker.networks=a, b', ['docker', 'networks'], ['a', 'b']],
    ['docker.networks=', ['docker', 'networks'], []],
    ['database.name=1e3', ['database', 'name'], '1e3'],
    ['images.postgres=reg.example.org/pg:16', ['images', 'postgres'], 'reg.example.org/pg:16'],
    ['resources.ddalab.cpus=1.5', ['resources', 'ddalab', 'cpus'], 1.5],
    ['parameters.GREETING=a=b c', ['parameters', 'GREETING'], 'a=b c'],
    ['parameters.PORT=8099', ['parameters', 'PORT'], 8099],
    ['variables.RATIO=0.5', ['variables', 'RATIO'], 0.5],
    ['variables.DEBUG=true', ['variables', 'DEBUG'], true],
    ...['007', '1e3', '1.50', '-0', '+1', 'yes', 'TRUE', ' 1', '', '0x10', '1_000', '12345678901234567890'].map(
      (text): [string, readonly string[], unknown] => [`parameters.TEXT=${text}`, ['parameters', 'TEXT'], text],
    ),
    ['docker.volumes."/srv/x.y"=/data', ['docker', 'volumes', '/srv/x.y'], '/data'],
  ])('%s is typed by the schema', (text, path, value) => {
    expect(parseAssignment(text)).toEqual({ path, value, secret: false })
  })

  it.each([
    ['api.prot=1', 'api.prot is not a setting', 'Did you mean api.port?'],
    ['apj.port=1', 'apj.port is not a setting', 'Did you mean api?'],
    ['api.port.x=1', 'api.port.x is not a setting', 'Remove it.'],
    ['api=1', 'api is a section', 'Set what is in it: api.host, api.port, api.publicUrl.'],
    ['images=x', 'images is a section', 'Set one of its names: images.NAME=VALUE.'],
    ['version=2.0.0', 'version cannot be set', 'The program writes it.'],
    ['api.port', 'A setting is given as KEY=VALUE', 'For example api.port=8002.'],
    ['api.port=http', 'api.port must be a port, a whole number from 1 to 65535', 'What it is: Port of the API.'],
    ['api.port=', 'api.port must be a port, a whole number from 1 to 65535', 'What it is: Port of the API.'],
    [
      'updates.autoUpdate=yes',
      'updates.autoUpdate must be true or false',
      'Write true or false: in YAML 1.2 yes, no, on and off are texts.',
    ],
    [
      'parameters.a-b=1',
      'The name "a-b" in parameters must be a variable name: letters, digits, underscores, no digit at the start',
      'Rename it.',
    ],
    ['a..b=1', '"a..b" is not the path of a setting', undefined],
    ['__proto__.x=1', '__proto__.x is not a setting', undefined],
  ])('%s is refused with what to do', (text, message, hint) => {
    const error = errorOf(() => parseAssignment(text))
    expect(error.code).toBe('USAGE')
    expect(error.message).toBe(message)
    if (hint !== undefined) expect(error.options.hint).toBe(hint)
  })

  it('leaves the text of a secret as it is, also one that looks like a number', () => {
    expect(parseAssignment('parameters.PIN=1234', { asText: true }).value).toBe('1234')
    expect(parseAssignment('api.port=1234', { asText: true }).value).toBe(1234)
  })

  it('knows a secret when it sees one and never repeats it', () => {
    expect(parseAssignment('database.password=hunter2').secret).toBe(true)
    expect(JSON.stringify(errorOf(() => parseAssignment('database.passwort=hunter2')).toData())).not.toContain(
      'hunter2',
    )
  })
})

describe('a path', () => {
  it('has a dotted form from which it is read back', () => {
    const step = fc.oneof(fc.string(), fc.constantFrom('api', 'a.b', 'with "quotes"', '\\', '[0]'))
    fc.assert(
      fc.property(fc.tuple(step, fc.array(fc.oneof(step, fc.nat(9)), { maxLength: 4 })), ([first, rest]) => {
        expect(parsePath(formatPath([first, ...rest]))).toEqual([first, ...rest])
      }),
    )
  })

  it.each([
    ['\u202Eipa', '"\\u{202e}ipa"'],
    ['a\x1b]0;x\x07', '"a\\u{1b}]0;x\\u{7}"'],
    ['zero\u200Bwidth', '"zero\\u{200b}width"'],
    ['\ud800', '"\\u{d800}"'],
    ['\\u{202e}', '"\\\\u{202e}"'],
  ])('shows what cannot be seen in a key, and reads it again: %j', (key, shown) => {
    expect(formatPath([key])).toBe(shown)
    expect(parsePath(shown)).toEqual([key])
  })

  it.each(['', '.', 'a.', '.a', 'a..b', 'a b', 'a[', 'a[x]', '"a', 'a"b"', '[0]'])('is not %j', (text) => {
    expect(errorOf(() => parsePath(text)).code).toBe('USAGE')
  })

  it('sets and removes a value in a copy', () => {
    const data = { api: { port: 1, host: 'x' } }
    expect(setPath(data, ['api', 'port'], 2)).toEqual({ api: { port: 2, host: 'x' } })
    expect(setPath(data, ['cache', 'redis', 'db'], 1)).toEqual({ ...data, cache: { redis: { db: 1 } } })
    expect(setPath(data, ['api', 'port'], undefined)).toEqual({ api: { host: 'x' } })
    expect(data).toEqual({ api: { port: 1, host: 'x' } })
    expect(getPath(data, ['toString'])).toBeUndefined()
  })
})

describe('secrets', () => {
  it('are these fields of the schema', () => {
    expect(secretPaths).toEqual([
      'database.password',
      'storage.minio.secretKey',
      'cache.redis.password',
      'auth.jwtSecret',
      'auth.ldap.bindPassword',
      'auth.oauth.clientSecret',
    ])
  })

  it('are generated from letters and digits only, with at least 160 bits, each time another', () => {
    const made = Array.from({ length: 200 }, () => generateSecret('password', randomBytes))
    for (const secret of made) expect(secret).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(new Set(made).size).toBe(200)
    expect(new Set(made.join('')).size).toBe(62)
    expect(Math.log2(62 ** 32)).toBeGreaterThan(160)
    expect(generateSecret('hex', randomBytes)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('depend on the random bytes alone', () => {
    expect(generateSecret('password', (count) => new Uint8Array(count).fill(7))).toBe(
      generateSecret('password', (count) => new Uint8Array(count).fill(7)),
    )
  })
})
