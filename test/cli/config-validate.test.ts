import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { isRoot } from '../state/places.ts'
import { answer, ddalab, LAUNCHER, onTerminal, start } from './run-cli.ts'
import { aFolder } from './temporary.ts'

const home = aFolder()
const env = { DDALAB_HOME: home, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
const run = (...args: readonly string[]) => ddalab(['config', 'validate', ...args], { env })

const WRONG = `version: 3.0.0
environment: production
api:
  prot: 8001
ingress: { domain: lab.example.org, httpPort: 80, httpsPort: 80 }
ssl: { enabled: false }
database: { password: swordfish }
`
/** A file with these lines. */
const aFile = (text: string) => join(aFolder({ 'deployment-config.yml': text }), 'deployment-config.yml')

describe('config validate', () => {
  beforeAll(async () => {
    const made = await ddalab(['init', '--set', 'ingress.domain=lab.example.org'], { env })
    expect(made).toMatchObject({ code: 0 })
  })

  it('what init makes is valid; without an engine it says that the machine was not looked at', async () => {
    const finished = await run('--json')
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(answer(finished)).toMatchObject({
      schemaVersion: 1,
      ok: true,
      data: {
        valid: true,
        checked: { version: '3.0.0', environments: ['production'], template: 'ddalab', engine: null },
        notChecked: [{ what: 'engine', why: expect.stringContaining('No Docker engine answers') }],
      },
    })
    const secrets = /"rule":"(?:secret|value|schema|stack)/
    expect(finished.stdout).not.toMatch(secrets)
    const [text, quiet] = await Promise.all([run(), run('--quiet')])
    expect(text.stdout).toMatch(/deployment-config\.yml is valid: .*\.\n$/)
    expect(text.stdout).toContain('Not checked: engine (No Docker engine answers')
    expect(quiet.stdout).toBe(text.stdout)
  })

  it('tells everything at once, by severity, each with place, rule and what to do; exit code 2', async () => {
    const file = aFile(WRONG)
    const { stdout, stderr, code } = await run('-f', file, '--offline')
    expect({ stderr, code }).toEqual({ stderr: '', code: 2 })
    const lines = stdout.split('\n')
    const at = (text: string) => lines.findIndex((line) => line.includes(text))
    expect(lines[at('[schema]')]).toBe(`  ${file}:4:3  api.prot is not a setting  [schema]`)
    expect(lines[at('[schema]') + 1]).toBe('    → Did you mean api.port?')
    expect(lines[at('[port-clash]')]).toContain(`${file}:5:62  ingress.httpsPort is 80`)
    expect([at('errors'), at('[schema]'), at('warnings'), at('[tls-off-in-production]')]).toEqual(
      [at('errors'), at('[schema]'), at('warnings'), at('[tls-off-in-production]')].toSorted((a, b) => a - b),
    )
    expect(stdout).toMatch(/is not valid: \d+ errors, \d+ warnings(?:, \d+ notes?)?\.\n$/)
  })

  it('the same as JSON, with the paths, never with a secret', async () => {
    const finished = await run('-f', aFile(WRONG), '--json', '--offline')
    expect(finished.code).toBe(2)
    expect(finished.stdout).not.toContain('swordfish')
    expect(answer(finished)).toMatchObject({
      ok: true,
      data: {
        valid: false,
        findings: expect.arrayContaining([
          {
            rule: 'schema',
            severity: 'error',
            path: 'api.prot',
            message: 'api.prot is not a setting',
            hint: 'Did you mean api.port?',
            place: { file: expect.stringMatching(/deployment-config\.yml$/), line: 4, column: 3 },
          },
          expect.objectContaining({ rule: 'secret-weak', path: 'database.password', severity: 'warning' }),
        ]),
      },
    })
  })

  it('--strict takes warnings for errors', async () => {
    const file = aFile('version: 3.0.0\ntemplate: demo\ndocker: { image: "busybox:latest" }\n')
    expect(await run('-f', file, '--offline')).toMatchObject({ code: 0 })
    expect(await run('-f', file, '--offline', '--strict')).toMatchObject({ code: 2 })
    writeFileSync(file, 'version: 3.0.0\ntemplate: demo\ndocker: { image: "busybox:1.37" }\n')
    expect(await run('-f', file, '--offline', '--strict')).toMatchObject({ code: 0 })
  })

  it('needs no identity: an encrypted config is judged in CI as well', async () => {
    const file = aFile(readFileSync(join(home, 'instances/ddalab/deployment-config.yml'), 'utf8'))
    expect(readFileSync(file, 'utf8')).toContain('ENC[AES256_GCM')
    const finished = await ddalab(['config', 'validate', '-f', file, '--offline', '--json'], {
      env: { DDALAB_HOME: aFolder() },
    })
    expect(finished.code).toBe(0)
    expect(answer(finished)).toMatchObject({
      data: {
        valid: true,
        findings: expect.arrayContaining([expect.objectContaining({ rule: 'secret-not-opened', severity: 'info' })]),
        notChecked: expect.arrayContaining([expect.objectContaining({ what: 'strength of secrets' })]),
      },
    })
    expect(finished.stdout.match(/secret-not-opened/g)).toHaveLength(1)
  })

  it('an older version is judged, and it is said that it will be migrated', async () => {
    const { stdout } = await run('-f', aFile('version: 2.0.0\n'), '--offline')
    expect(stdout).toContain('version is 2.0.0: the file is read as 3.0.0  [version-older]')
  })

  it.skipIf(process.platform === 'win32')('a file that may not be read', async () => {
    const file = aFile('version: 3.0.0\n')
    chmodSync(file, 0)
    const words = [LAUNCHER, 'config', 'validate', '-f', file]
    // Root may read any file, unless that capability is taken away.
    const denied = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', ...words] : words
    const [command = '', ...args] = denied
    expect(await start(command, args, { env }).finished).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('cannot be read: EACCES'),
    })
  })

  it('a config that is not there is no finding', async () => {
    expect(await run('-i', 'none')).toMatchObject({ code: 3, stdout: '' })
    expect(await run('-f', '/nowhere.yml')).toMatchObject({ code: 3, stdout: '' })
  })

  it('changes nothing', async () => {
    const all = () =>
      readdirSync(home, { recursive: true, encoding: 'utf8' })
        .map((path) => ({ path, facts: statSync(join(home, path)) }))
        .map(({ path, facts }) => `${path} ${facts.size} ${facts.mtimeMs}`)
        .toSorted()
    const before = all()
    await run()
    expect(all()).toEqual(before)
  })

  it('is coloured on a terminal', async () => {
    const { stdout } = await onTerminal(['config', 'validate', '-f', aFile(WRONG), '--offline'], { env })
    expect(stdout).toContain('\u001b[31m')
    expect(stdout).toContain('api.prot is not a setting')
  })
})

const [engine] = lab.newest

describe.skipIf(engine === undefined)('config validate where an engine answers', () => {
  it('says which, and what is in the way there: a port and its setting, more than the machine has', async () => {
    const server = createServer().listen(0, '0.0.0.0')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const file = aFile(`version: 3.0.0
template: demo
docker: { image: "${labImages.busybox}" }
parameters: { WEB_PORT: ${port} }
resources: { web: { cpus: 5000, memory: 900000g } }
`)
    const onEngine = { DDALAB_HOME: aFolder(), DOCKER_HOST: engine?.host }
    const finished = await ddalab(['config', 'validate', '-i', 'validate-demo', '-f', file, '--json'], {
      env: onEngine,
    })
    expect(finished.code).toBe(2)
    expect(answer(finished)).toMatchObject({
      data: {
        checked: { engine: expect.stringMatching(/^Docker Engine \d+\./) },
        findings: expect.arrayContaining([
          expect.objectContaining({
            rule: 'port-taken',
            path: 'parameters.WEB_PORT',
            place: { file, line: 4, column: 25 },
          }),
          expect.objectContaining({ rule: 'cpus-above-host', path: 'resources.web.cpus' }),
          expect.objectContaining({ rule: 'memory-above-host', path: 'resources.web.memory' }),
        ]),
        notChecked: [],
      },
    })
  })
})
