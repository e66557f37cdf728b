import type { Problem } from '../errors.ts'
import { type Finding, type Locate, problemOf } from './finding.ts'
import { formatPath, getPath, parsePath } from './path.ts'
import type { Config } from './schema.ts'
import { secretsIn } from './schema-walk.ts'

/** What the schema cannot say about one field alone. Errors stop a deploy, warnings are told. */
export interface Validation {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** The rules over several fields, for a config as written or with its defaults. Needs no file, host or engine. */
export function validateConfig(config: Config, locate: Locate): Validation {
  return {
    errors: crossFieldErrors(config).map((finding) => problemOf(finding, locate)),
    warnings: publishedPasswords(config).map((finding) => problemOf(finding, locate)),
  }
}

export function crossFieldErrors(config: Config): readonly Finding[] {
  return [...portClashes(config), ...missingForAuth(config), ...tlsErrors(config)]
}

function at(path: string, message: string, hint: string): Finding {
  return { path: parsePath(path), part: 'value', message: `${path} ${message}`, hint }
}

/** Two things that listen at the same place: the same host, container or published port. */
function portClashes(config: Config): readonly Finding[] {
  const { api, web, ingress, database, storage, cache } = config
  const listeners = [
    { path: 'api.port', place: 'app', port: api?.port },
    { path: 'web.port', place: 'app', port: web?.port },
    { path: 'ingress.httpPort', place: 'ingress', port: ingress?.httpPort },
    { path: 'ingress.httpsPort', place: 'ingress', port: ingress?.httpsPort },
    // The ingress publishes the API on a port of its own, with the number it has inside.
    { path: 'api.port', place: 'ingress', port: api?.port },
    { path: 'database.port', place: database?.host, port: database?.port },
    { path: 'storage.minio.port', place: storage?.minio?.host, port: storage?.minio?.port },
    { path: 'cache.redis.port', place: cache?.redis?.host, port: cache?.redis?.port },
  ]
  return listeners.flatMap((listener, index) => {
    const former = listeners
      .slice(0, index)
      .find(({ place, port }) => place !== undefined && place === listener.place && port === listener.port)
    if (former === undefined || listener.port === undefined) return []
    return [at(listener.path, `is ${listener.port}, and so is ${former.path}`, 'Give each its own port.')]
  })
}

function missingForAuth(config: Config): readonly Finding[] {
  const needed = {
    local: [],
    ldap: ['auth.ldap.serverUrl', 'auth.ldap.bindDn', 'auth.ldap.bindPassword', 'auth.ldap.userBase'],
    oauth: ['auth.oauth.clientId', 'auth.oauth.clientSecret', 'auth.oauth.issuer'],
  }
  const mode = config.auth?.mode ?? 'local'
  return missing(config, needed[mode], `is needed by auth.mode ${mode}`)
}

function missing(config: Config, paths: readonly string[], why: string): readonly Finding[] {
  return paths
    .filter((path) => getPath(config, parsePath(path)) === undefined)
    .map((path) => at(path, `is missing; it ${why}`, `Set ${path}.`))
}

function tlsErrors(config: Config): readonly Finding[] {
  const { ssl } = config
  if (ssl === undefined || ssl.enabled === false) return []
  const pair = ['ssl.certPath', 'ssl.keyPath']
  const half = ssl.certPath === undefined ? ssl.keyPath !== undefined : ssl.keyPath === undefined
  const findings = half ? [...missing(config, pair, 'goes with the other one of certificate and key')] : []
  if (ssl.letsEncrypt === undefined) return findings
  findings.push(...missing(config, ['ssl.letsEncrypt.email'], "is needed by Let's Encrypt"))
  if (config.ingress?.domain === undefined) {
    findings.push(...missing(config, ['ssl.letsEncrypt.domains'], "is needed by Let's Encrypt"))
  }
  if (ssl.certPath !== undefined || ssl.keyPath !== undefined) {
    findings.push(at('ssl.letsEncrypt', 'and a certificate of your own exclude each other', 'Remove one of them.'))
  }
  if (config.ingress?.type === 'nginx') {
    findings.push(
      at('ssl.letsEncrypt', 'does not work with ingress.type nginx', 'Use traefik or caddy, or give a certificate.'),
    )
  }
  return findings
}

/** Passwords that stand in public Compose files, images and manuals: everybody knows them. */
const PUBLISHED = new Set([
  ...['minioadmin', 'postgres', 'password', 'secure_password', 'access_key', 'secret_key', 'ddalab', 'ddalab_password'],
  ...[
    'admin',
    'root',
    'redis',
    'secret',
    'changeme',
    'change_me',
    'change-me',
    'example',
    'test',
    '123456',
    '12345678',
  ],
  ...['your-secret-key', 'dev-secret-key', 'jwt_secret', 'supersecret'],
])

function publishedPasswords(config: Config): readonly Finding[] {
  return secretsIn(config)
    .filter(({ value }) => PUBLISHED.has(value.toLowerCase()))
    .map(({ path }) =>
      at(formatPath(path), 'is a published default password', 'Replace it by a generated one before others reach it.'),
    )
}
