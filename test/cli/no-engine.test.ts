import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { identityStore, openConfig } from '../../src/core/config/index.ts'
import { readEnvironment } from '../../src/core/environment.ts'
import { answer, ddalab, onTerminal } from './run-cli.ts'
import { aFolder } from './temporary.ts'

/** A home with the instance `lab`, and no engine anywhere near. */
const home = aFolder()
const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
const run = (args: readonly string[], input = '') => ddalab(args, { env, input })
const config = (instance: string) => join(home, 'instances', instance, 'deployment-config.yml')
const identity = join(home, 'identity.txt')
const opened = (instance: string) =>
  openConfig(config(instance), identityStore(readEnvironment({ DDALAB_HOME: home }, process.platform, home)))

beforeAll(async () => {
  expect(await run(['init', '-i', 'lab', '--template', 'demo'])).toMatchObject({ code: 0 })
})

const ON_AN_ENGINE = [
  'status',
  'plan',
  'deploy',
  'deploy --dry-run',
  'start',
  'stop',
  'restart web',
  'logs',
  'exec web -- true',
  'health',
  'stats',
  'drift',
  'destroy --yes',
]

describe('without an engine', () => {
  it.each(ON_AN_ENGINE)('%s says so, and where help is, with exit code 4', async (line) => {
    const { stdout, stderr, code } = await run(['-i', 'lab', ...line.split(' ')])
    expect({ stdout, code }).toEqual({ stdout: '', code: 4 })
    expect(stderr).toContain('No Docker engine answers at unix:///nowhere/docker.sock (DOCKER_HOST)')
    expect(stderr).toContain('ddalab doctor')
  })

  it('the same as JSON', async () => {
    const finished = await run(['deploy', '-i', 'lab', '--json'])
    expect(answer(finished)).toMatchObject({
      ok: false,
      error: { code: 'ENGINE_UNREACHABLE', exit: 4, hint: expect.stringContaining('ddalab doctor') },
    })
    expect(finished).toMatchObject({ stderr: '', code: 4 })
  })

  it('and as the last event', async () => {
    const { stdout, code } = await run(['deploy', '-i', 'lab', '--events'])
    expect(JSON.parse(stdout)).toMatchObject({
      seq: 1,
      type: 'result',
      ok: false,
      error: { code: 'ENGINE_UNREACHABLE' },
    })
    expect(code).toBe(4)
  })

  it('a command that fails leaves no trace', async () => {
    const before = readdirSync(join(home, 'instances', 'lab'))
    await run(['deploy', '-i', 'lab'])
    expect(readdirSync(join(home, 'instances', 'lab'))).toEqual(before)
  })

  it('doctor says how to get one, and what is fine already', async () => {
    const finished = await run(['doctor', '-i', 'lab', '--json'])
    expect(finished.code).toBe(4)
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: {
        ready: false,
        checks: expect.arrayContaining([
          expect.objectContaining({ name: 'engine', verdict: 'failed', hint: expect.stringMatching(/install|start/i) }),
          expect.objectContaining({ name: 'config', verdict: 'ok' }),
        ]),
      },
    })
    expect((await run(['doctor', '-i', 'lab'])).stdout).toContain('Not ready to deploy yet.')
  })

  it('doctor changes nothing, not even where there is no instance yet', async () => {
    const { stdout } = await run(['doctor', '-i', 'not-yet'])
    expect(stdout).not.toContain('Ready to deploy.')
    expect(stdout).toContain('Make it with: ddalab init -i not-yet')
    expect(readdirSync(join(home, 'instances'))).not.toContain('not-yet')
  })
})

describe('an instance that is not there', () => {
  it.each([...ON_AN_ENGINE, 'render compose'])('%s: exit code 3, and how to make it', async (line) => {
    const { stderr, code } = await run(['-i', 'other', ...line.split(' ')])
    expect(stderr).toContain('Make it with: ddalab init -i other')
    expect(code).toBe(3)
  })

  it('a name that cannot be one is a usage error', async () => {
    expect(await run(['status', '-i', 'No Way'])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('init', () => {
  it('given settings, writes them, readable by nobody else, and says what to do next', async () => {
    const { stdout, code } = await run([
      'init',
      '-i',
      'made',
      '--template',
      'demo',
      '--set',
      'parameters.WEB_TITLE=Hello you',
    ])
    expect(code).toBe(0)
    expect(readFileSync(config('made'), 'utf8')).toContain('WEB_TITLE: Hello you')
    expect(statSync(config('made')).mode & 0o777).toBe(0o600)
    expect(stdout).toContain(config('made'))
    expect(stdout).toContain('ddalab deploy -i made')
  })

  it('given none, generates the secrets of DDALAB and tells their names only', async () => {
    const finished = await run(['init', '--json'])
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: {
        instance: 'ddalab',
        template: 'ddalab',
        environment: 'production',
        generated: expect.arrayContaining(['database.password', 'auth.jwtSecret']),
        identity: { file: identity, created: true },
      },
    })
    const { document, secretValues } = await opened('ddalab')
    expect(document.config.database?.password?.length).toBeGreaterThan(20)
    expect(secretValues).toHaveLength(5)
    for (const secret of secretValues) expect(finished.stdout).not.toContain(secret)
  })

  it('encrypts the secrets, and says where the identity is that opens them', async () => {
    const { stdout } = await run(['init', '-i', 'sealed'])
    expect(stdout).toContain(identity)
    expect(statSync(identity).mode & 0o777).toBe(0o600)
    const text = readFileSync(config('sealed'), 'utf8')
    const { secretValues } = await opened('sealed')
    expect(secretValues.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toContain('AGE-SECRET-KEY')
  })

  it('needs the identity where secrets are needed, and there only', async () => {
    await run(['init', '-i', 'moved'])
    const elsewhere = { DDALAB_HOME: aFolder({ 'elsewhere.txt': '' }), HOME: aFolder() }
    const inPlace = ['-f', config('moved')]
    const { stderr, code } = await ddalab(['render', 'env', ...inPlace], { env: { ...env, ...elsewhere } })
    expect(code).toBe(4)
    expect(stderr).toContain('No identity here opens the secrets')
    expect(stderr).toContain(join(elsewhere.DDALAB_HOME, 'identity.txt'))
    const carried = { ...env, ...elsewhere, SOPS_AGE_KEY_FILE: identity }
    expect(await ddalab(['render', 'env', ...inPlace], { env: carried })).toMatchObject({ code: 0 })
  })

  it.each(['database.password', 'auth.jwtSecret', 'parameters.GRAFANA_ADMIN_PASSWORD'])(
    'refuses the secret %s on the command line, and tells the other way',
    async (path) => {
      const { stderr, code } = await run(['init', '-i', 'open', '--set', `${path}=swordfish-1`])
      expect(code).toBe(2)
      expect(stderr).toContain(`--set-file ${path}=-`)
      expect(stderr).not.toContain('swordfish')
    },
  )

  it('takes secrets from stdin and from files', async () => {
    const file = join(aFolder({ 'jwt.txt': 'from-the-file\n' }), 'jwt.txt')
    const args = ['--set-file', 'database.password=-', '--set-file', `auth.jwtSecret=${file}`]
    const { code, stdout } = await run(['init', '-i', 'given', ...args], 'from-stdin\n')
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/from-(stdin|the-file)/)
    const { document } = await opened('given')
    expect(document.config).toMatchObject({
      database: { password: 'from-stdin' },
      auth: { jwtSecret: 'from-the-file' },
    })
  })

  it.each([
    ['a config that is there already', ['-i', 'lab'], 'There is a config already'],
    ['a template that is not there', ['-i', 'new', '--template', 'nope'], 'There is no template nope'],
    ['an unknown setting', ['-i', 'new', '--set', 'api.prot=1'], 'api.port'],
    ['a value that does not fit', ['-i', 'new', '--set', 'api.port=many'], 'api.port'],
    ['a file that is not there', ['-i', 'new', '--set-file', 'database.password=/nowhere'], '/nowhere'],
  ])('refuses %s', async (_case, args, message) => {
    const { stderr, code } = await run(['init', ...args])
    expect(stderr).toContain(message)
    expect(code).toBeGreaterThan(1)
    expect(readdirSync(join(home, 'instances'))).not.toContain('new')
  })
})

describe('render', () => {
  it('prints the Compose file as it would be written', async () => {
    const { stdout, code } = await run(['render', 'compose', '-i', 'lab'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^name: lab$/m)
    expect(stdout).toMatch(/^ {4}image: /m)
  })

  it('masks secrets, in text and JSON, unless they are asked for', async () => {
    await run(['init', '-i', 'secret', '--set-file', 'database.password=-'], `it's "a" $ecret`)
    for (const args of [[], ['--json']]) {
      const { stdout } = await run(['render', 'env', '-i', 'secret', ...args])
      expect(stdout).toContain('••••••')
      expect(stdout).not.toContain('ecret"')
      expect(stdout).not.toContain('$ecret')
    }
    expect((await run(['render', 'env', '-i', 'secret', '--reveal'])).stdout).toContain('$ecret')
  })

  it('never prints a private key unless it is asked for', async () => {
    await run(['init', '-i', 'tls'])
    const { stdout, code } = await run(['render', 'all', '-i', 'tls'])
    expect(code).toBe(0)
    expect(stdout).toContain('BEGIN CERTIFICATE')
    expect(stdout).not.toContain('PRIVATE KEY')
  })
})

describe('a config in place (-f)', () => {
  it('is used instead of the instance’s own', async () => {
    const file = join(
      aFolder({ 'ci.yml': 'version: 3.0.0\ntemplate: demo\nparameters: { WEB_TITLE: From CI }\n' }),
      'ci.yml',
    )
    const { stdout, code } = await run(['render', 'env', '-f', file])
    expect(stdout).toContain("WEB_TITLE='From CI'")
    expect(code).toBe(0)
  })

  it('that is wrong is told with all mistakes and their places, exit code 2', async () => {
    const file = join(aFolder({ 'bad.yml': 'version: 3.0.0\napi: { prot: 1 }\nweb: { port: no }\n' }), 'bad.yml')
    const finished = await run(['plan', '-f', file, '--json'])
    expect(finished.code).toBe(2)
    expect(answer(finished)).toMatchObject({
      error: { code: 'CONFIG_INVALID', problems: [{ place: { line: 2 } }, { place: { line: 3 } }] },
    })
  })

  it('that is not there is exit code 3', async () => {
    expect(await run(['render', 'env', '-f', '/nowhere.yml'])).toMatchObject({ code: 3 })
  })
})

describe('templates', () => {
  it('are listed, the own ones before those that the program brings', async () => {
    const own = aFolder({
      'templates/demo/template.yml': 'name: demo\ntitle: Mine\ndescription: My own demo.\nmain: web\n',
      'templates/demo/compose.yml': 'services: { web: { image: busybox } }\n',
    })
    const finished = await ddalab(['templates', 'list', '--config-dir', own, '--json'])
    expect(answer(finished)).toMatchObject({
      data: {
        templates: [
          { name: 'ddalab', origin: 'built in' },
          { name: 'demo', origin: 'own', description: 'My own demo.' },
        ],
      },
    })
  })

  it('are shown with what can be set', async () => {
    const { stdout } = await run(['templates', 'show', 'demo'])
    expect(stdout).toMatch(/^parameters\.WEB_PORT +8080 /m)
    expect(await run(['templates', 'show', 'nope'])).toMatchObject({ code: 3 })
  })
})

describe('usage', () => {
  it.each([
    ['a time that is none', ['logs', '--since', 'yesterday'], '"yesterday" is no time'],
    ['an expression that is none', ['logs', '--grep', '('], 'is no regular expression'],
    ['--invert alone', ['logs', '--invert'], '--grep'],
    ['following as one object', ['logs', '--follow', '--json'], 'exclude each other'],
    ['both machine forms at once', ['deploy', '--json', '--events'], 'exclude each other'],
    ['a duration that is none', ['deploy', '--timeout', 'long'], '"long" is no duration'],
    ['no service', ['exec'], 'Missing SERVICE'],
    ['a variable without a value', ['exec', 'web', '--env', 'NAME'], 'NAME=VALUE'],
    ['an unknown kind', ['render', 'helm'], 'compose'],
  ])('%s is refused with exit code 2', async (_case, args, message) => {
    const { stdout, stderr, code } = await run(args)
    expect(stderr + stdout).toContain(message)
    expect(code).toBe(2)
  })

  it('every command begins its help with what it does and an example', async () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../oclif.manifest.json'), 'utf8'))
    const visible: { summary?: string; examples?: string[]; id: string }[] = Object.values<never>(
      manifest.commands,
    ).filter(({ hidden }) => hidden !== true)
    const incomplete = visible.filter(({ summary, examples }) => !summary || !examples?.[0]?.startsWith('ddalab'))
    expect(incomplete.map(({ id }) => id).filter((id) => id !== 'completion')).toEqual([])
  })

  it('a secret is not read from a terminal, where it would be seen', async () => {
    const { stdout, code } = await onTerminal(['init', '-i', 'typed', '--set-file', 'database.password=-'], { env })
    expect(stdout).toContain('which is this terminal')
    expect(code).toBe(2)
  })
})
