import { describe, expect, it } from 'vitest'
import {
  CONFIG_RULES,
  checkConfig,
  type DefaultsTree,
  isSecretPath,
  type Path,
  parsePath,
} from '../../src/core/config/index.ts'
import type { Config } from '../../src/core/config/schema.ts'

type Settings = Omit<Config, 'version'>

interface Around {
  readonly defaults?: DefaultsTree
  readonly file?: Settings
  readonly sourceVersion?: string
  readonly names?: readonly string[]
  readonly templateSecrets?: readonly string[]
  readonly mountPoints?: readonly string[]
}

function findings(
  settings: Settings,
  { defaults = {}, file = settings, templateSecrets = [], ...around }: Around = {},
) {
  const config: Config = { version: '3.0.0', ...settings }
  const context = {
    sourceVersion: '3.0.0',
    names: [],
    isSecret: (path: Path) => isSecretPath(path, templateSecrets),
    ...around,
  }
  return checkConfig(config, { ...context, file: { version: '3.0.0', ...file }, defaults })
}

const production = { environment: 'production' } as const
const development = { environment: 'development' } as const
const acme = (more: object = {}) => ({ letsEncrypt: { email: 'a@b.org', domains: ['lab.example.org'], ...more } })
const STRONG = '3zhlEaasJLbqzI3lVnBAunKhtZYOnuK3'
const OTHER = 'wN0rKq8tYbX2mVdE5sGfJ7uHcA4pLz9R'
const SEALED = 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]'
const digest = `sha256:${'0a'.repeat(32)}`
const ldap = { bindDn: 'cn=x', bindPassword: STRONG, userBase: 'dc=x' }
const oauth = { clientId: 'x', clientSecret: STRONG }
const minio = (secretKey: string, accessKey?: string): Settings => ({
  storage: { minio: { secretKey, ...(accessKey !== undefined && { accessKey }) } },
})
const volumes = (table: { readonly [source: string]: string }): Settings => ({ docker: { volumes: table } })
const password = (value: string): Settings => ({ database: { password: value, user: 'neurolab' } })

/** For each rule: what it finds, at which path, and what is so near to it that it must stay silent. */
const CASES: {
  readonly [rule: string]: {
    readonly finds: readonly (readonly [settings: Settings, path: string, around?: Around])[]
    readonly lets: readonly (readonly [settings: Settings, around?: Around])[]
  }
} = {
  'port-clash': {
    finds: [
      [{ api: { port: 3000 }, web: { port: 3000 } }, 'web.port'],
      // Told where it is written, not where the default has it.
      [{ api: { port: 3000 } }, 'api.port', { defaults: { all: { web: { port: 3000 } } } }],
    ],
    lets: [[{ api: { port: 3000 }, web: { port: 3001 } }]],
  },
  'port-privileged': {
    finds: [[{ ingress: { httpPort: 80 } }, 'ingress.httpPort']],
    lets: [[{ ingress: { httpPort: 8080 } }], [{}, { defaults: { all: { ingress: { httpPort: 80 } } } }]],
  },
  'public-url-host': {
    finds: [[{ ingress: { domain: 'a.org' }, web: { publicUrl: 'http://b.org' } }, 'web.publicUrl']],
    lets: [
      [{ ingress: { domain: 'a.org' }, web: { publicUrl: 'http://A.org' } }],
      [{ ingress: { domain: '::1' }, web: { publicUrl: 'http://[::1]' } }],
      [{ web: { publicUrl: 'http://b.org' } }],
    ],
  },
  'public-url-scheme': {
    finds: [
      [{ ingress: {}, ssl: { enabled: true }, api: { publicUrl: 'http://a.org' } }, 'api.publicUrl'],
      [{ ingress: {}, ssl: { enabled: false }, api: { publicUrl: 'https://a.org' } }, 'api.publicUrl'],
    ],
    lets: [[{ ingress: {}, ssl: { enabled: true }, api: { publicUrl: 'https://a.org' } }]],
  },
  'public-url-port': {
    finds: [
      [{ ingress: { httpsPort: 8443 }, ssl: { enabled: true }, web: { publicUrl: 'https://a.org' } }, 'web.publicUrl'],
      [{ ingress: { httpPort: 8080 }, api: { port: 8001, publicUrl: 'http://a.org:8002' } }, 'api.publicUrl'],
    ],
    lets: [
      [{ ingress: { httpsPort: 8443 }, ssl: { enabled: true }, web: { publicUrl: 'https://a.org:8443' } }],
      [{ ingress: {}, api: { port: 8001, publicUrl: 'http://a.org:8001' } }],
      [{ ingress: {}, api: { port: 8001, publicUrl: 'http://a.org' } }],
    ],
  },
  'localhost-in-production': {
    finds: [
      [{ ...production, ingress: { domain: 'localhost' } }, 'ingress.domain'],
      [{ ...production, ingress: {}, web: { publicUrl: 'http://127.0.0.1' } }, 'web.publicUrl'],
    ],
    lets: [
      [{ ...development, ingress: { domain: 'localhost' } }],
      [production, { defaults: { all: { ingress: { domain: 'localhost' } } } }],
    ],
  },
  'domain-not-set': {
    finds: [[production, 'ingress.domain', { defaults: { all: { ingress: { domain: 'localhost' } } } }]],
    lets: [[{ ...production, ingress: { domain: 'a.org' } }], [production]],
  },
  'host-is-own-container': {
    finds: [
      [{ database: { host: 'localhost' } }, 'database.host'],
      [{ storage: { minio: { host: '127.0.0.1' } } }, 'storage.minio.host'],
      [{ cache: { redis: { host: '::1' } } }, 'cache.redis.host'],
    ],
    lets: [[{ database: { host: 'postgres' } }], [{ database: { host: 'localhost.example.org' } }]],
  },
  'api-not-reachable': {
    finds: [[{ api: { host: '127.0.0.1' } }, 'api.host']],
    lets: [[{ api: { host: '0.0.0.0' } }]],
  },
  'wildcard-address': {
    finds: [[{ parameters: { MONITORING_ADDRESS: '0.0.0.0' } }, 'parameters.MONITORING_ADDRESS']],
    lets: [[{ parameters: { MONITORING_ADDRESS: '127.0.0.1' } }], [{ api: { host: '0.0.0.0' } }]],
  },
  'certificate-half': {
    finds: [
      [{ ssl: { certPath: 'c' } }, 'ssl.keyPath'],
      [{ ssl: { keyPath: 'k' } }, 'ssl.certPath'],
    ],
    lets: [[{ ssl: { certPath: 'c', keyPath: 'k' } }], [{ ssl: { enabled: false, certPath: 'c' } }]],
  },
  'lets-encrypt-incomplete': {
    finds: [
      [{ ssl: { letsEncrypt: { domains: ['a.org'] } } }, 'ssl.letsEncrypt.email'],
      [{ ssl: { letsEncrypt: { email: 'a@b.org' } } }, 'ssl.letsEncrypt.domains'],
    ],
    lets: [[{ ssl: acme() }], [{ ssl: { letsEncrypt: { email: 'a@b.org' } }, ingress: { domain: 'a.org' } }]],
  },
  'lets-encrypt-beside-certificate': {
    finds: [[{ ssl: { ...acme(), certPath: 'c', keyPath: 'k' } }, 'ssl.letsEncrypt']],
    lets: [[{ ssl: acme() }]],
  },
  'lets-encrypt-nginx': {
    finds: [[{ ssl: acme(), ingress: { type: 'nginx' } }, 'ssl.letsEncrypt']],
    lets: [[{ ssl: acme(), ingress: { type: 'caddy' } }]],
  },
  'lets-encrypt-domain': {
    finds: [
      [{ ssl: acme({ domains: ['a.org', 'localhost'] }) }, 'ssl.letsEncrypt.domains[1]'],
      [{ ssl: acme({ domains: ['192.168.1.1'] }) }, 'ssl.letsEncrypt.domains[0]'],
      [{ ssl: acme({ domains: ['nas.local'] }) }, 'ssl.letsEncrypt.domains[0]'],
      [
        { ssl: { letsEncrypt: { email: 'a@b.org' } } },
        'ingress.domain',
        { defaults: { all: { ingress: { domain: 'localhost' } } } },
      ],
    ],
    lets: [
      [{ ssl: acme() }],
      [{ ssl: { enabled: false, ...acme({ domains: ['localhost'] }) } }],
      [{ ssl: acme(), ingress: { domain: 'localhost' } }],
    ],
  },
  'lets-encrypt-port': {
    finds: [[{ ssl: acme(), ingress: { httpPort: 8080 } }, 'ingress.httpPort']],
    lets: [[{ ssl: acme(), ingress: { httpPort: 80 } }], [{ ingress: { httpPort: 8080 } }]],
  },
  'lets-encrypt-staging': {
    finds: [[{ ...production, ssl: acme({ staging: true }) }, 'ssl.letsEncrypt.staging']],
    lets: [[{ ...development, ssl: acme({ staging: true }) }], [{ ...production, ssl: acme({ staging: false }) }]],
  },
  'tls-off-in-production': {
    finds: [[{ ...production, ssl: { enabled: false } }, 'ssl.enabled']],
    lets: [[{ ...development, ssl: { enabled: false } }], [{ ...production, ssl: { enabled: true } }], [production]],
  },
  'auth-incomplete': {
    finds: [[{ auth: { mode: 'oauth', oauth: { ...oauth } } }, 'auth.oauth.issuer']],
    lets: [[{ auth: { mode: 'oauth', oauth: { ...oauth, issuer: 'https://a.org' } } }], [{ auth: { mode: 'local' } }]],
  },
  'ldap-without-tls': {
    finds: [[{ auth: { mode: 'ldap', ldap: { ...ldap, serverUrl: 'ldap://a.org' } } }, 'auth.ldap.serverUrl']],
    lets: [
      [{ auth: { mode: 'ldap', ldap: { ...ldap, serverUrl: 'ldaps://a.org' } } }],
      [{ auth: { mode: 'local', ldap: { ...ldap, serverUrl: 'ldap://a.org' } } }],
    ],
  },
  'oauth-without-tls': {
    finds: [[{ auth: { mode: 'oauth', oauth: { ...oauth, issuer: 'http://a.org' } } }, 'auth.oauth.issuer']],
    lets: [[{ auth: { mode: 'oauth', oauth: { ...oauth, issuer: 'https://a.org' } } }]],
  },
  'session-length': {
    finds: [
      [{ auth: { tokenExpiration: 4 } }, 'auth.tokenExpiration'],
      [{ auth: { tokenExpiration: 43_201 } }, 'auth.tokenExpiration'],
    ],
    lets: [
      [{ auth: { tokenExpiration: 5 } }],
      [{ auth: { tokenExpiration: 10_080 } }],
      [{ auth: { tokenExpiration: 43_200 } }],
    ],
  },
  'image-floating': {
    finds: [
      [{ ...production, docker: { image: 'ddalab:latest' } }, 'docker.image'],
      [{ ...production, images: { minio: 'localhost:5000/minio/minio' } }, 'images.minio'],
      [production, 'docker.image', { defaults: { all: { docker: { image: 'ddalab' } } } }],
    ],
    lets: [
      [{ ...production, docker: { image: 'ddalab:2.4.1' } }],
      [{ ...production, docker: { image: `ddalab:latest@${digest}` } }],
      [{ ...development, docker: { image: 'ddalab:latest' } }],
    ],
  },
  'image-without-digest': {
    finds: [
      [{ docker: { image: 'ddalab:2.4.1' } }, 'docker.image'],
      [{ ...development, docker: { image: 'ddalab' } }, 'docker.image'],
    ],
    lets: [
      [{ docker: { image: `ddalab@${digest}` } }],
      // Told as floating already.
      [{ ...production, docker: { image: 'ddalab' } }],
    ],
  },
  'image-registry-without-tls': {
    finds: [[{ images: { redis: 'registry.lan:80/redis:7' } }, 'images.redis']],
    lets: [[{ images: { redis: 'registry.lan:8080/redis:7' } }], [{ images: { redis: 'redis:80' } }]],
  },
  'volume-same-path': {
    finds: [[volumes({ data: '/app/data', more: '/app/./data/' }), 'docker.volumes.more']],
    lets: [[volumes({ data: '/app/data', more: '/app/data/more' })]],
  },
  'volume-name': {
    finds: [[volumes({ 'data/raw': '/x' }), 'docker.volumes."data/raw"']],
    lets: [[volumes({ 'data-raw.1': '/x', '/data/raw': '/y', 'D:\\data': '/z' })]],
  },
  'data-not-kept': {
    finds: [[{ storage: { dataDir: '/data' } }, 'storage.dataDir', { mountPoints: ['/app/data', '/dat'] }]],
    lets: [
      [{ storage: { dataDir: '/app/data/edf' } }, { mountPoints: ['/app/data/'] }],
      [{ storage: { dataDir: '/data' }, ...volumes({ '/srv': '/data' }) }, { mountPoints: [] }],
      [{ storage: { dataDir: '/data' } }],
    ],
  },
  'bind-relative': {
    finds: [[volumes({ './data': '/x' }), 'docker.volumes."./data"']],
    lets: [[volumes({ '/srv/data': '/x', '~/data': '/y', data: '/z' })]],
  },
  'bind-dangerous': {
    finds: ['/', '/etc', '/etc/ssh', '/proc', '/home', '~', 'C:\\', '/var/run/docker.sock', '/srv/../etc/'].map(
      (source) => [volumes({ [source]: '/x' }), `docker.volumes.${JSON.stringify(source)}`] as const,
    ),
    lets: [[volumes({ '/srv/data': '/a', '/home/me/data': '/b', '/etcetera': '/c', etc: '/d', 'D:\\data': '/e' })]],
  },
  'resources-refused': {
    finds: [
      [{ resources: { web: { memory: 512 } } }, 'resources.web.memory'],
      [{ resources: { web: { memory: '5m' } } }, 'resources.web.memory'],
      [{ resources: { web: { cpus: 0.001 } } }, 'resources.web.cpus'],
    ],
    lets: [[{ resources: { web: { memory: '6m', cpus: 0.01 } } }]],
  },
  'resources-too-small': {
    finds: [
      [{ resources: { postgres: { memory: '64m' } } }, 'resources.postgres.memory'],
      [{ resources: { web: { cpus: 0.05 } } }, 'resources.web.cpus'],
    ],
    lets: [
      [{ resources: { postgres: { memory: '128m' }, ddalab: { memory: '0.5g', cpus: 0.1 }, web: { memory: '6m' } } }],
    ],
  },
  'secret-published': {
    finds: ['postgres', 'MinioAdmin', 'change-me', 'P@ssw0rd', 'dev-secret-key', 'minio123'].map(
      (value) => [password(value), 'database.password'] as const,
    ),
    lets: [[password(STRONG)], [{ database: { user: 'postgres' } }], [password(SEALED)]],
  },
  'secret-placeholder': {
    finds: ['<your password>', '${DB_PASSWORD}', 'please-change-me-now', 'put-your-secret-here', 'xxxxxxxx'].map(
      (value) => [password(value), 'database.password'] as const,
    ),
    lets: [[password(STRONG)]],
  },
  'secret-is-name': {
    finds: [
      [password('Neurolab'), 'database.password'],
      [password('lab-7'), 'database.password', { names: ['lab-7'] }],
      [{ auth: { jwtSecret: 'lab.example.org' }, ingress: { domain: 'lab.example.org' } }, 'auth.jwtSecret'],
    ],
    lets: [[password(STRONG), { names: [''] }]],
  },
  'secret-weak': {
    finds: [
      [password('short1'), 'database.password'],
      [password('neurolab2024!'), 'database.password'],
      [{ secretVariables: { API_KEY: 'qwertyuiop' } }, 'secretVariables.API_KEY'],
      [{ parameters: { ADMIN: 'abcdefgh' } }, 'parameters.ADMIN', { templateSecrets: ['parameters.ADMIN'] }],
    ],
    lets: [
      [password(STRONG)],
      [password(SEALED)],
      [{ parameters: { ADMIN: 'abcdefgh' } }],
      [{ variables: { A: 'short' } }],
    ],
  },
  'secret-shared': {
    finds: [[{ database: { password: STRONG }, auth: { jwtSecret: STRONG } }, 'auth.jwtSecret']],
    lets: [
      [{ database: { password: STRONG }, auth: { jwtSecret: OTHER } }],
      [{ database: { password: SEALED }, auth: { jwtSecret: SEALED } }],
    ],
  },
  'jwt-secret-short': {
    finds: [[{ auth: { jwtSecret: STRONG.slice(1) } }, 'auth.jwtSecret']],
    lets: [[{ auth: { jwtSecret: STRONG } }], [{ database: { password: STRONG.slice(1) } }]],
  },
  'minio-credentials-refused': {
    finds: [
      [minio('x7Kp2mQ'), 'storage.minio.secretKey'],
      [minio(STRONG, 'me'), 'storage.minio.accessKey'],
    ],
    lets: [[minio('x7Kp2mQ9', 'lab')], [minio(SEALED)]],
  },
  'secret-plain-text': {
    finds: [
      [password(STRONG), 'database.password'],
      [
        { ...production, environments: { production: { auth: { jwtSecret: STRONG } } } },
        'environments.production.auth.jwtSecret',
      ],
      [{ parameters: { ADMIN: STRONG } }, 'parameters.ADMIN', { templateSecrets: ['parameters.ADMIN'] }],
    ],
    lets: [
      // What counts is what stands in the file, also when it could be opened.
      [password(STRONG), { file: password(SEALED) }],
      [{ parameters: { ADMIN: STRONG } }],
    ],
  },
  'secret-not-opened': {
    finds: [[{ ...password(SEALED), auth: { jwtSecret: SEALED } }, 'database.password']],
    lets: [[password(STRONG), { file: password(SEALED) }], [{}]],
  },
  'version-older': {
    finds: [[{}, 'version', { sourceVersion: '1.0.0' }]],
    lets: [[{}]],
  },
  'debug-in-production': {
    finds: [
      [{ ...production, parameters: { DDALAB_DEBUG: true } }, 'parameters.DDALAB_DEBUG'],
      [{ ...production, docker: { environmentOverrides: { DEBUG: '1' } } }, 'docker.environmentOverrides.DEBUG'],
      [{ ...production, variables: { APP_DEBUG: 'true' } }, 'variables.APP_DEBUG'],
    ],
    lets: [
      [{ ...development, parameters: { DDALAB_DEBUG: true } }],
      [{ ...production, parameters: { DDALAB_DEBUG: false, DEBUGGER: true } }],
    ],
  },
  'update-without-backup': {
    finds: [[{ updates: { autoUpdate: true, autoBackup: false } }, 'updates.autoUpdate']],
    lets: [[{ updates: { autoUpdate: true } }], [{ updates: { autoUpdate: false, autoBackup: false } }]],
  },
  'manifest-without-key': {
    finds: [[{ updates: { manifest: 'https://releases.example.org/app.yml' } }, 'updates.manifest']],
    lets: [
      [{ updates: { manifest: 'releases.yml', manifestKey: `RW${'a'.repeat(54)}` } }],
      [{ updates: { manifestKey: `RW${'a'.repeat(54)}` } }],
    ],
  },
  'section-unused': {
    finds: [
      [{ auth: { mode: 'local', ldap: {} } }, 'auth.ldap'],
      [{ auth: { oauth: {} } }, 'auth.oauth'],
      [{ ssl: { enabled: false, certPath: 'c' } }, 'ssl.certPath'],
    ],
    lets: [[{ auth: { mode: 'oauth', oauth: {} } }], [{ ssl: { enabled: true, certPath: 'c' } }]],
  },
  'overlay-repeats': {
    finds: [
      [
        { api: { port: 1 }, profiles: ['x'], environments: { staging: { api: { port: 1 }, profiles: ['y'] } } },
        'environments.staging.api.port',
      ],
    ],
    lets: [[{ api: { port: 1 }, environments: { staging: { api: { port: 2 }, web: { port: 1 } } } }]],
  },
}

describe('the rules over a config', () => {
  it('have cases here, each of them, and none has a name twice', () => {
    const ids = CONFIG_RULES.map(({ id }) => id)
    expect(Object.keys(CASES).toSorted()).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(ids.length)
  })

  describe.each(Object.entries(CASES))('%s', (rule, { finds, lets }) => {
    it.each(finds.map(([settings, path, around]) => [path, settings, around] as const))(
      'finds %s in %j',
      (path, settings, around) => {
        const own = findings(settings, around).filter((finding) => finding.rule === rule)
        expect(own.map((finding) => finding.path.join('\0'))).toContain(steps(path))
        for (const { message, hint, severity } of own) {
          expect(message).toMatch(/\w/)
          expect(hint).toMatch(/\.$/)
          expect(severity).toBe(CONFIG_RULES.find(({ id }) => id === rule)?.severity)
        }
      },
    )

    it.each(lets.map(([settings, around]) => [settings, around] as const))('lets %j pass', (settings, around) => {
      expect(findings(settings, around).filter((finding) => finding.rule === rule)).toEqual([])
    })
  })
})

/** `docker.volumes."/x"` and `ssl.letsEncrypt.domains[1]` as the steps of a path. */
function steps(path: string): string {
  return parsePath(path).join('\0')
}
