import { describe, expect, it } from 'vitest'
import { decodeConfig, parseDocument } from '../../src/core/config/document.ts'
import { parseConfig } from '../../src/core/config/index.ts'
import { errorOf } from '../support/errors.ts'
import { complaints, SEED } from './support.ts'

describe("seed 0's example", () => {
  it('loads unchanged: version 2.0.0 is carried up in memory', () => {
    const { document, sourceVersion } = parseConfig(SEED, 'seed.yml')
    expect(sourceVersion).toBe('2.0.0')
    expect(document.text).toBe(SEED)
    expect(document.config).toMatchObject({
      version: '3.0.0',
      environment: 'production',
      api: { host: '0.0.0.0', port: 8001, publicUrl: 'https://api.example.com' },
      database: { user: 'ddalab_user', password: 'secure_password' },
      docker: { image: 'ddalab:latest', networks: ['ddalab-network'], volumes: { 'ddalab-data': '/app/data' } },
    })
  })

  it('is warned about for its published passwords, each at its place and without its value', () => {
    const { warnings } = parseConfig(SEED, 'seed.yml')
    expect(warnings.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`)).toEqual([
      '14:13 database.password is a published default password',
      '21:16 storage.minio.secretKey is a published default password',
    ])
    expect(JSON.stringify(warnings)).not.toMatch(/secure_password|secret_key/)
  })
})

describe('an invalid config', () => {
  it('is refused with all problems at once, each with line, column and what to do', () => {
    const text = `version: 3.0.0
enviroment: production
api:
  port: "80"
  prot: 1
database:
  password: 1234
  password: again
auth: {mode: ldap, ldap: {serverUrl: ldap.example.org, bindDn: cn=x, bindPassword: x}}
storage:
  allowedDirs: /data
  dataDir: 7
updates: {autoUpdate: yes, channel: stabel}
cache:
docker:
  image: Not/Valid
  volumes: {data: app}
  networks: [a, 1]
ingress: {httpPort: 80, httpsPort: 80}
parameters: {"no name": 1}
`
    expect(complaints(text)).toEqual([
      '8:3 database.password is there twice | Keep one of them.',
      '2:1 enviroment is not a setting | Did you mean environment?',
      '4:9 api.port must be a port, a whole number from 1 to 65535 | Write the number without quotes.',
      '5:3 api.prot is not a setting | Did you mean api.port?',
      '7:13 database.password must be a text | Put the value in quotes.',
      '9:20 auth.ldap.userBase is missing; it is needed by auth.mode ldap | Set auth.ldap.userBase.',
      '9:38 auth.ldap.serverUrl must be a URL that starts with ldap:// or ldaps://, without user and password | What it is: The directory server, as in ldaps://ldap.example.org.',
      '11:16 storage.allowedDirs must be a list | Write a list: [first, second].',
      '12:12 storage.dataDir must be a text | Put the value in quotes.',
      '13:23 updates.autoUpdate must be true or false | Write true or false: in YAML 1.2 yes, no, on and off are texts.',
      '13:37 updates.channel must be one of stable, beta, dev | Did you mean stable?',
      '14:7 cache must be a section: keys and values below it | Give it a value, or remove the line.',
      '16:10 docker.image must be an image reference such as registry.example.org/name:tag, the name in lower case | What it is: Image of the main service of the template.',
      '17:19 docker.volumes.data must be an absolute path inside the container, starting with / | What it is: Volumes or folders of the host, each with its path in the container of the main service.',
      '18:17 docker.networks[1] must be a text | Put the value in quotes.',
      '19:36 ingress.httpsPort is 80, and so is ingress.httpPort | Give each its own port.',
      '20:14 The name "no name" in parameters must be a variable name: letters, digits, underscores, no digit at the start | Rename it.',
    ])
    const error = errorOf(() => parseConfig(text, 'config.yml'))
    expect(error.exit).toBe(2)
    expect(error.message).toBe('config.yml is not a valid config: 17 problems')
  })

  it('with one problem is an error of its own', () => {
    const error = errorOf(() => parseConfig('version: 3.0.0\napi: {port: 0}\n', 'c.yml'))
    expect(error.toData()).toEqual({
      code: 'CONFIG_INVALID',
      exit: 2,
      message: 'api.port must be a port, a whole number from 1 to 65535',
      hint: 'What it is: Port of the API.',
      place: { file: 'c.yml', line: 2, column: 13 },
    })
  })

  it.each([
    ['', '1:1 The config is empty'],
    ['# only a comment\n', '1:1 The config is empty'],
    ['- a\n', '1:1 The config must be a section: keys and values'],
    ['just text\n', '1:1 The config must be a section: keys and values'],
    ['api: {port: 1}\n', '1:1 version is missing'],
    ['version: 2.0\n', '1:10 version must be three numbers joined by dots'],
    ['version:\n', '1:9 version must be three numbers joined by dots'],
    ['api: {}\nversion: 2.5.0\n', '2:10 There is no version 2.5.0'],
    ['version: 1.0.0\ndocker: {}\n', '2:1 docker is a setting of version 2.0.0, the file says version 1.0.0'],
    ['version: 2.0.0\ningress: {}\n', '2:1 ingress is a setting of version 3.0.0, the file says version 2.0.0'],
    ['version: 3.0.0\napi: {port: 1\nweb: {port: 0}\n', '3:1 The indentation does not fit'],
    ['version: 3.0.0\napi:\n\tport: 1\n', '3:1 A tab is used as indentation'],
    ['version: 3.0.0\ndatabase: {password: @x}\n', '2:22 A value starts with a character that needs quotes'],
    ['version: 3.0.0\ndatabase: {password: !x y}\n', '2:22 A tag (!) that has no meaning here'],
    ['version: 3.0.0\ndatabase: {password: *x}\n', '2:22 An alias (*) refers to an anchor that is not above it'],
    ['version: 3.0.0\nprofiles: &x [*x]\n', '2:15 An alias (*) contains itself'],
    ['version: 3.0.0\n---\nversion: 3.0.0\n', '2:1 The file holds more than one document'],
    ['version: 3.0.0\n? [a, b]\n: c\n', '2:3 This cannot be a key'],
    ['version: 3.0.0\n__proto__: {a: 1}\n', '2:1 This cannot be a key'],
    ['version: 3.0.0\ntoString: 1\n', '2:1 toString is not a setting'],
  ])('%j is refused with place and hint', (text, expected) => {
    const [first] = complaints(text)
    expect(first?.split(' | ')[0]).toBe(expected)
    expect(first?.split(' | ')[1]).toMatch(/.\.$|\?$/)
  })

  it('tells schema problems together with YAML problems, but only where the text was still understood', () => {
    expect(
      complaints('version: 3.0.0\nzzz: 1\napi: {port: x}\nweb: {port: 1\ncache: {redis: 1}\n').map(message),
    ).toEqual([
      '5:1 The indentation does not fit',
      '2:1 zzz is not a setting',
      '3:13 api.port must be a port, a whole number from 1 to 65535',
    ])
  })

  it('never shows a value: it may be a secret', () => {
    const texts = [
      'database: {password: *hunter2}',
      'database: {password: !hunter2 x}',
      'database: {password: @hunter2}',
      'database: {password: "hunter2\\q"}',
      'database: {password: [hunter2]}',
      'database:\n  password: hunter2: hunter2',
      'database: {password: hunter2',
      'auth: {oauth: {issuer: "https://me:hunter2@example.org"}}',
      'docker: {environmentOverrides: {X: [hunter2]}}',
    ]
    for (const text of texts) {
      const error = errorOf(() => parseConfig(`version: 3.0.0\n${text}\n`, 'c.yml'))
      expect(JSON.stringify(error.toData())).not.toContain('hunter2')
    }
  })
})

describe('a config of a newer version', () => {
  it.each(['3.0.1', '3.1.0', '4.0.0', '10.0.0'])('%s is refused as too new, whatever else is in it', (version) => {
    const error = errorOf(() => parseConfig(`api: {tomorrow: {}}\nversion: ${version}\n`, 'c.yml'))
    expect(error.code).toBe('CONFIG_TOO_NEW')
    expect(error.options.place).toEqual({ file: 'c.yml', line: 2, column: 10 })
    expect(error.message).toContain(version)
  })
})

describe('the text of a config', () => {
  it('may have a byte-order mark and Windows line ends; places count as an editor counts', () => {
    const text = `\uFEFF${SEED.replaceAll('\n', '\r\n')}`
    const { document } = parseConfig(text, 'c.yml')
    expect(document.config.api?.port).toBe(8001)
    expect(document.locate(['version'])).toEqual({ file: 'c.yml', line: 1, column: 10 })
    expect(document.locate(['database', 'password'], 'key')).toEqual({ file: 'c.yml', line: 14, column: 3 })
  })

  it('is YAML 1.2: 0644 is a decimal number, no is a text, and anchors work', () => {
    const { document } = parseConfig(
      'version: 3.0.0\nparameters: {MODE: 0644, COUNTRY: no, BIG: 1_000, OCTAL: 0o17}\napi: {host: &h me}\ndatabase: {host: *h}\n',
      'c.yml',
    )
    expect(document.config.parameters).toEqual({ MODE: 644, COUNTRY: 'no', BIG: '1_000', OCTAL: 15 })
    expect(document.config.database?.host).toBe('me')
  })

  it('is known by offsets, so that an edit can replace a value and nothing else', () => {
    const { text, span } = parseDocument(`\uFEFF${SEED}`, 'c.yml')
    const part = (path: readonly string[]) => text.slice(...(span(path)?.value ?? [0, 0]))
    expect(part(['database', 'password'])).toBe('secure_password')
    expect(part(['docker', 'networks'])).toBe('[ddalab-network]')
    expect(span(['web'])).toBeUndefined()
  })

  it('locates what is not there at its nearest ancestor', () => {
    const { document } = parseConfig(SEED, 'c.yml')
    expect(document.locate(['storage', 'minio', 'bucketName'])).toEqual({ file: 'c.yml', line: 17, column: 3 })
    expect(document.locate(['auth', 'ldap'])).toEqual({ file: 'c.yml', line: 1, column: 1 })
  })

  it.each([
    ['too large', new Uint8Array(1_000_001).fill(0x20), 'larger than 1 MB'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x76, 0x00]), 'UTF-16'],
    ['Latin 1', new Uint8Array([0x61, 0x3a, 0xe4]), 'not UTF-8'],
  ])('is not read when it is %s', (_, bytes, message) => {
    const error = errorOf(() => decodeConfig(bytes, 'c.yml'))
    expect(error.code).toBe('CONFIG_UNREADABLE')
    expect(error.message).toContain(message)
    expect(error.options.place).toEqual({ file: 'c.yml' })
  })

  it('is not read when it is binary', () => {
    expect(errorOf(() => parseConfig('version: 3.0.0\n\0\x01', 'c.yml')).code).toBe('CONFIG_UNREADABLE')
  })
})

function message(complaint: string): string {
  return complaint.split(' | ')[0] ?? ''
}
