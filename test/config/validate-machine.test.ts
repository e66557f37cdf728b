import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeHost } from '../../src/core/actions/config/validate/host.ts'
import { type ValidateOptions, validate } from '../../src/core/actions/config/validate.ts'
import { findTemplate } from '../../src/core/actions/find-template.ts'
import { sealConfig } from '../../src/core/actions/seal-config.ts'
import type { Target, World } from '../../src/core/actions/world.ts'
import type { Observation } from '../../src/core/providers/docker/index.ts'
import { createSelfSignedCertificate } from '../../src/core/stack/index.ts'
import type { Stack } from '../../src/core/stack/model.ts'
import { rejection } from '../support/errors.ts'
import { anEngine, nothingOf } from '../support/observation.ts'
import { aService, aStack } from '../support/stack.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

const NOW = new Date('2026-06-15T12:00:00Z')
const DAY = 86_400_000
const STRONG = '3zhlEaasJLbqzI3lVnBAunKhtZYOnuK3'
const OTHER = 'wN0rKq8tYbX2mVdE5sGfJ7uHcA4pLz9R'
const THIRD = 'm4Tq9WcZr2KxV7bNn3DyHs6FgJp8LaQe'
const SECRETS = `database: { password: ${STRONG} }
storage: { minio: { secretKey: ${OTHER} } }
auth: { jwtSecret: ${THIRD} }
`

let around: TestWorld
let world: World
beforeEach(async () => {
  around = await testWorld('unix:///nowhere/docker.sock')
  world = { ...around, now: () => NOW }
})
afterEach(() => around.remove())

const inside = (...path: string[]) => join(around.directory, ...path)

async function put(path: string, text: string, mode = 0o600): Promise<string> {
  await mkdir(dirname(inside(path)), { recursive: true })
  await writeFile(inside(path), text)
  await chmod(inside(path), mode)
  return inside(path)
}

/** Validates a text as the config of an instance. */
async function judged(text: string, options: Partial<ValidateOptions> = {}, target: Partial<Target> = {}) {
  await put('instances/lab/deployment-config.yml', text)
  return validate(world, { instance: 'lab', ...target }, { offline: false, strict: false, ...options })
}

/** Findings of some rules, as `rule path`. */
async function found(text: string, rules: RegExp, options: Partial<ValidateOptions> = {}) {
  const { findings } = await judged(text, options)
  return findings.filter(({ rule }) => rules.test(rule)).map(({ rule, path }) => `${rule} ${path}`)
}

describe('a config that is as it should be', () => {
  it('is valid, and what could not be looked at is said', async () => {
    const text = `version: 3.0.0\ningress: { domain: lab.example.org }\n${SECRETS}`
    const { valid, checked, notChecked, findings } = await judged(text)
    expect(valid).toBe(true)
    expect(checked).toEqual({
      file: inside('instances/lab/deployment-config.yml'),
      version: '3.0.0',
      environments: ['production'],
      template: 'ddalab',
      engine: null,
    })
    expect(notChecked).toEqual([{ what: 'engine', why: expect.stringContaining('No Docker engine answers') }])
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(findings.find(({ rule }) => rule === 'host-not-checked')).toMatchObject({ severity: 'info', path: '' })
  })

  it('offline nothing of this machine is looked at, and nothing found missing there', async () => {
    const text = `version: 3.0.0
ssl: { certPath: /nowhere/cert.pem, keyPath: /nowhere/key.pem }
docker: { volumes: { /nowhere/data: /more } }
${SECRETS}`
    const offline = await judged(text, { offline: true })
    expect(offline.valid).toBe(true)
    expect(offline.notChecked).toEqual(['certificate', 'folders', 'engine'].map((what) => ({ what, why: '--offline' })))
    expect((await judged(text)).findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual(
      expect.arrayContaining([
        'certificate-missing ssl.certPath',
        'certificate-missing ssl.keyPath',
        'bind-missing docker.volumes."/nowhere/data"',
      ]),
    )
  })

  it('strict makes warnings count', async () => {
    const text = `version: 3.0.0\n${SECRETS}`
    expect(await judged(text)).toMatchObject({ valid: true })
    expect(await judged(text, { strict: true })).toMatchObject({ valid: false })
  })

  it('of an older version is judged as what it will be', async () => {
    const { valid, checked, findings } = await judged(`version: 1.0.0\n${SECRETS}`, { offline: true })
    expect({ valid, version: checked.version }).toEqual({ valid: true, version: '1.0.0' })
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'version-older', severity: 'info', place: expect.objectContaining({ line: 1 }) }),
    )
  })

  it('one environment that is asked for is judged alone', async () => {
    const text = `version: 3.0.0
environment: development
environments:
  staging: { api: { port: 70 } }
  production: { ssl: { enabled: false } }
${SECRETS}`
    const all = await judged(text, { offline: true })
    expect(all.checked.environments).toEqual(['development', 'staging', 'production'])
    expect(all.findings.map(({ rule }) => rule)).toContain('tls-off-in-production')
    const one = await judged(text, { offline: true }, { environment: 'staging' })
    expect(one.checked.environments).toEqual(['staging'])
    expect(one.findings.map(({ rule }) => rule)).toContain('port-privileged')
    expect(one.findings.map(({ rule }) => rule)).not.toContain('tls-off-in-production')
  })
})

describe('a config that cannot be read as one', () => {
  it('is told with all that is wrong at once: schema, rules over what is left, missing values, certificates', async () => {
    const text = `version: 3.0.0
enviroment: production
api: { port: many }
ingress: { httpPort: 443 , httpsPort: 443 }
ssl: { certPath: nowhere.pem, keyPath: nowhere.key }
database: { password: postgres }
`
    const { valid, findings, notChecked } = await judged(text)
    expect(valid).toBe(false)
    const told = findings.map(({ rule, path, place }) => `${place?.line} ${rule} ${path}`)
    expect(told).toEqual(
      expect.arrayContaining([
        '2 schema enviroment',
        '3 schema api.port',
        '4 port-clash ingress.httpsPort',
        '5 certificate-missing ssl.certPath',
        '6 secret-published database.password',
        '1 value-missing auth.jwtSecret',
      ]),
    )
    expect(notChecked.map(({ what }) => what)).toEqual(['stack', 'folders', 'engine'])
  })

  it('the worst comes first, then what stands first', async () => {
    const { findings } = await judged('version: 3.0.0\nweb: { port: 8001 }\napi: { prot: 1 }\n', { offline: true })
    const order = findings.map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity))
    expect(order).toEqual(order.toSorted())
    expect(findings[0]?.place?.line).toBeLessThanOrEqual(findings[1]?.place?.line ?? 0)
  })

  it.each([
    ['version: 9.0.0\n', 'version-too-new', 1],
    ['version: 3.0.0\napi: {port: 1\nweb: {}\n', 'not-yaml', 3],
    ['version: 3.0.0\napi: {}\napi: {}\n', 'not-yaml', 3],
  ])('%j', async (text, rule, line) => {
    const { valid, findings } = await judged(text, { offline: true })
    expect(valid).toBe(false)
    expect(findings).toContainEqual(
      expect.objectContaining({ rule, severity: 'error', place: expect.objectContaining({ line }) }),
    )
  })

  it('that is not there is an error, and no finding', async () => {
    const options = { offline: true, strict: false }
    expect((await rejection(validate(world, { instance: 'none' }, options))).code).toBe('INSTANCE_NOT_FOUND')
    const named = { instance: 'none', configFile: inside('none.yml') }
    expect((await rejection(validate(world, named, options))).code).toBe('CONFIG_NOT_FOUND')
  })
})

describe('the template and the stack', () => {
  const rules = /^(?:template|value|stack|published)/

  it('a template that is not there', async () => {
    expect(await found('version: 3.0.0\ntemplate: nope\n', rules)).toEqual(['template-unusable template'])
    expect(await found('version: 3.0.0\ntemplate: demo\n', rules)).toEqual([])
  })

  it('every value that is missing, those of an active profile too', async () => {
    expect(await found('version: 3.0.0\nprofiles: [monitoring]\n', rules)).toEqual([
      'value-missing database.password',
      'value-missing storage.minio.secretKey',
      'value-missing auth.jwtSecret',
      'value-missing parameters.GRAFANA_ADMIN_PASSWORD',
    ])
    expect(await found(`version: 3.0.0\n${SECRETS}`, rules)).toEqual([])
  })

  it('what makes no stack', async () => {
    expect(await found(`version: 3.0.0\nimages: { postgress: a }\n${SECRETS}`, rules)).toEqual(['stack-invalid '])
    // What a rule has said is not said again by the compiler.
    expect(await found(`version: 3.0.0\napi: { port: 443 }\n${SECRETS}`, /./)).not.toContain('stack-invalid ')
  })

  it('data in no volume of the stack', async () => {
    const dataDir = (path: string) => SECRETS.replace('storage: {', `storage: { dataDir: ${path},`)
    expect(await found(`version: 3.0.0\n${dataDir('/data')}`, /^data/)).toEqual(['data-not-kept storage.dataDir'])
    expect(await found(`version: 3.0.0\n${dataDir('/app/data/edf')}`, /^data/)).toEqual([])
  })

  it('two services at one port of the host, and what is not carried over', async () => {
    const template = (ports: string, more = '') =>
      Promise.all([
        put('templates/own/template.yml', 'name: own\ntitle: Own\ndescription: Own.\nmain: a\n'),
        put(
          'templates/own/compose.yml',
          `services:\n  a: { image: a, ports: ["80:80"]${more} }\n  b: { image: b, ports: ["${ports}:80"] }\n`,
        ),
      ])
    await template('80', ', cpu_shares: 5')
    expect(await found('version: 3.0.0\ntemplate: own\n', rules)).toEqual([
      'published-port-clash ',
      'stack-incomplete ',
    ])
    await template('127.0.0.1:81')
    expect(await found('version: 3.0.0\ntemplate: own\n', rules)).toEqual([])
    await template('127.0.0.1:80')
    expect(await found('version: 3.0.0\ntemplate: own\n', rules)).toEqual(['published-port-clash '])
  })
})

describe('the certificate', () => {
  const rules = /^certificate/
  const text = `version: 3.0.0\ningress: { domain: lab.example.org }\nssl: { certPath: tls/cert.pem, keyPath: tls/key.pem }\n`

  /** A pair of files beside the config, made some days ago; it is valid for 824 days. */
  async function pair(daysAgo: number, names = ['lab.example.org']) {
    const made = createSelfSignedCertificate(names, new Date(NOW.getTime() - daysAgo * DAY))
    await put('instances/lab/tls/cert.pem', made.certificate)
    await put('instances/lab/tls/key.pem', made.key)
    return made
  }

  it('a good one is no finding', async () => {
    await pair(10)
    expect(await found(text, rules)).toEqual([])
  })

  it.each([
    ['expired', 825, 'certificate-expired ssl.certPath'],
    ['about to expire', 800, 'certificate-expires-soon ssl.certPath'],
    ['of tomorrow', -1, 'certificate-not-yet-valid ssl.certPath'],
  ])('%s', async (_, daysAgo, expected) => {
    await pair(daysAgo)
    expect(await found(text, rules)).toEqual([expected])
  })

  it('for another name; of localhost nothing is expected', async () => {
    await pair(10, ['other.example.org'])
    expect(await found(text, rules)).toEqual(['certificate-domain ssl.certPath'])
    expect(await found(text.replace('lab.example.org', 'localhost'), rules)).toEqual([])
    await pair(10, ['*.example.org'])
    expect(await found(text, rules)).toEqual([])
  })

  it('with the key of another one', async () => {
    const { key } = await pair(10)
    await pair(10)
    await put('instances/lab/tls/key.pem', key)
    expect(await found(text, rules)).toEqual(['certificate-key-mismatch ssl.keyPath'])
  })

  it('that is none, with a key that is none', async () => {
    await put('instances/lab/tls/cert.pem', 'nothing')
    await put('instances/lab/tls/key.pem', '-----BEGIN ENCRYPTED PRIVATE KEY-----\n')
    const { findings } = await judged(text)
    const own = findings.filter(({ rule }) => rule === 'certificate-invalid')
    expect(own.map(({ path }) => path)).toEqual(['ssl.certPath', 'ssl.keyPath'])
    expect(own[1]?.hint).toContain('passphrase')
  })

  it('that is not there, or is a folder', async () => {
    await mkdir(inside('instances/lab/tls/cert.pem'), { recursive: true })
    expect(await found(text, rules)).toEqual(['certificate-unreadable ssl.certPath', 'certificate-missing ssl.keyPath'])
  })

  it.skipIf(process.platform === 'win32')('whose key everybody may read', async () => {
    await pair(10)
    await chmod(inside('instances/lab/tls/key.pem'), 0o644)
    expect(await found(text, rules)).toEqual(['certificate-key-exposed ssl.keyPath'])
    await chmod(inside('instances/lab/tls/key.pem'), 0o640)
    expect(await found(text, rules)).toEqual([])
  })

  it('is of no interest where TLS is off', async () => {
    expect(await found(text.replace('ssl: {', 'ssl: { enabled: false,'), rules)).toEqual([])
  })
})

describe('folders', () => {
  const mount = (folder: string) => `version: 3.0.0\ndocker: { volumes: { "${folder}": /more } }\n${SECRETS}`

  it('that are to be mounted must be there, whether an engine answers or not', async () => {
    expect(await found(mount('/nowhere/data'), /^bind/)).toEqual(['bind-missing docker.volumes."/nowhere/data"'])
    expect(await found(mount(around.directory), /^bind/)).toEqual([])
  })

  it('are not looked for here when the engine is on another machine (rule 40)', async () => {
    world = { ...world, environment: { ...world.environment, dockerHost: 'tcp://192.0.2.1:2376' } }
    const { findings, notChecked } = await judged(mount('/nowhere/data'))
    expect(findings.map(({ rule }) => rule)).not.toContain('bind-missing')
    expect(notChecked.map(({ what }) => what)).toEqual(['folders', 'engine'])
  })
})

describe('what stands in the way on the machine', () => {
  const config = (more: object = {}) => ({
    config: { version: '3.0.0' as const, ingress: { httpPort: 80 }, ...more },
    environment: 'production' as const,
    origin: () => undefined,
    paths: [],
  })
  const web = aService('web', { ports: [{ target: 80, published: '80', protocol: 'tcp', mode: 'ingress' }] })
  const stack = aStack('demo', [web])
  const judge = (given: Partial<Observation>, own: Stack = stack, resolved = config()) =>
    judgeHost(own, resolved, nothingOf(own, given), { cpus: 2, memory: 4 * 1024 ** 3 })
      .filter(({ severity }) => severity !== 'info')
      .map(({ rule, path, message }) => ({ rule, path: path.join('.'), message }))

  it('nothing', () => {
    expect(judge({})).toEqual([])
  })

  it('a port that a program or a container holds: who, and the setting it comes from', () => {
    const [port] = web.ports
    if (port === undefined) throw new Error('web publishes a port')
    expect(judge({ portHolders: [{ port, holder: 'nginx (pid 812)' }] })).toEqual([
      { rule: 'port-taken', path: 'ingress.httpPort', message: expect.stringContaining('nginx (pid 812)') },
    ])
  })

  it('a port that a rootless engine may not bind', () => {
    expect(judge({ engine: { ...anEngine, rootless: true, lowestPort: 1024 } })).toMatchObject([
      { rule: 'port-forbidden', path: 'ingress.httpPort' },
    ])
  })

  it('a container of somebody else with one of our names', () => {
    const foreign = [{ id: '1', name: 'demo-web-1', running: true, ports: [], mounts: [] }]
    expect(judge({ foreign })).toMatchObject([{ rule: 'name-taken', path: '' }])
  })

  it('an image for another processor', () => {
    expect(judge({ engine: { ...anEngine, architecture: 'arm64' } })).toMatchObject([{ rule: 'image-platform' }])
  })

  it('a folder that is not there, once and with its setting', () => {
    const bind = { type: 'bind', source: '/data', target: '/app', readOnly: false, createHostPath: false } as const
    const mounted = aStack('demo', [aService('web', { mounts: [bind] })])
    const resolved = config({ docker: { volumes: { '/data': '/app' } } })
    expect(judge({ missingBindSources: ['/data'] }, mounted, resolved)).toEqual([
      { rule: 'bind-missing', path: 'docker.volumes./data', message: 'docker.volumes."/data" does not exist: /data' },
    ])
  })

  it('limits above what the machine has', () => {
    const limited = (cpus: number, memory: number) =>
      aStack('demo', [aService('web', { resources: { cpus, memory: memory * 1024 ** 3 } })])
    expect(judge({}, limited(2, 4))).toEqual([])
    expect(judge({}, limited(3, 5)).map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'cpus-above-host resources.web.cpus',
      'memory-above-host resources.web.memory',
    ])
  })
})

describe('an encrypted config', () => {
  const text = `version: 3.0.0\ningress: { domain: lab.example.org }\n${SECRETS.replace(STRONG, 'neurolab')}`
  const secrets = /^(?:secret|identity)/

  /** The config, sealed for the identity of this world. */
  async function sealed(): Promise<string> {
    const template = await findTemplate(world, 'ddalab')
    return (await sealConfig(world, inside('instances/lab/deployment-config.yml'), text, template)).text
  }

  it('is opened where the identity is: strength is judged, nothing stands in plain text', async () => {
    expect(await found(await sealed(), secrets, { offline: true })).toEqual(['secret-weak database.password'])
  })

  it('is judged without an identity too, as in CI; that strength was not checked is said once', async () => {
    const content = await sealed()
    await writeFile(inside('identity.txt'), '')
    const { valid, findings, notChecked } = await judged(content, { offline: true })
    expect(valid).toBe(true)
    expect(findings.filter(({ rule }) => secrets.test(rule)).map(({ rule }) => rule)).toEqual(['secret-not-opened'])
    expect(notChecked.map(({ what }) => what)).toContain('strength of secrets')
  })

  it('that was changed is an error', async () => {
    const content = (await sealed()).replace(
      /(data:)(.)/,
      (_all, data: string, first: string) => `${data}${first === 'A' ? 'B' : 'A'}`,
    )
    expect(await found(content, secrets, { offline: true })).toEqual(expect.arrayContaining(['secrets-unreadable ']))
    expect((await judged(content, { offline: true })).valid).toBe(false)
  })

  it('with a new secret in plain text: that one is told', async () => {
    const content = `${await sealed()}cache: { redis: { password: ${'q8R'.repeat(2)}${OTHER.slice(6)} } }\n`
    const { findings } = await judged(content, { offline: true })
    expect(findings.filter(({ rule }) => rule === 'secret-plain-text').map(({ path }) => path)).toEqual([
      'cache.redis.password',
    ])
  })

  it('an identity that others may read, or that is damaged, is a warning', async () => {
    const content = await sealed()
    const identity = await readFile(inside('identity.txt'), 'utf8')
    await writeFile(inside('identity.txt'), identity.replace('AGE-SECRET-KEY-1', 'AGE-'))
    expect(await found(content, secrets, { offline: true })).toEqual([
      'identity-unusable ',
      'secret-not-opened database.password',
    ])
  })
})
