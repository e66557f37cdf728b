import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { lab, labImages } from '../lab/lab.ts'
import { answer, ddalab } from './run-cli.ts'
import { aFolder } from './temporary.ts'

const listing = z.object({ data: z.object({ variables: z.array(z.looseObject({ name: z.string() })) }) })

describe('variables and environments', () => {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DDALAB_INSTANCE: 'env', DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  const run = (args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}) =>
    ddalab(args, { env: { ...env, ...more }, input })
  const config = () => readFileSync(join(home, 'instances', 'env', 'deployment-config.yml'), 'utf8')
  const listed = async (name: string, ...more: readonly string[]) => {
    const { data } = listing.parse(answer(await run(['env', 'list', '--json', ...more])))
    return data.variables.find((variable) => variable.name === name)
  }

  beforeAll(async () => {
    expect(await run(['init', '--template', 'demo', '--set', 'parameters.WEB_TITLE=One'])).toMatchObject({ code: 0 })
  })

  it('set writes a setting for a mapped name, an own variable for another one, and says which', async () => {
    const finished = await run(['env', 'set', 'WEB_PORT=8090', 'OWN=on ${WEB_PORT}', '-m', 'a reason'])
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('OWN: on ${WEB_PORT}') })
    expect(await listed('WEB_PORT')).toMatchObject({ kind: 'mapped', value: '8090', origin: 'file' })
    expect(await listed('OWN')).toEqual({
      name: 'OWN',
      kind: 'independent',
      value: 'on 8090',
      secret: false,
      paths: ['variables.OWN'],
      origin: 'file',
      services: ['web'],
    })
    const alias = await run(['env', 'set', 'TITLE=Two'])
    expect(alias.stderr).toBe('TITLE is parameters.WEB_TITLE.\n')
    expect((await run(['config', 'history'])).stdout).toContain('a reason')
  })

  it('a secret comes from a file or stdin only, is encrypted, and shown nowhere', async () => {
    const refused = await run(['env', 'set', '--secret-file', 'TOKEN=-'], 'hunter2-hunter2\n')
    expect(refused).toMatchObject({ code: 0 })
    expect(config()).not.toContain('hunter2')
    const shown = [
      refused,
      await run(['env', 'list']),
      await run(['env', 'list', '--json']),
      await run(['render', 'env']),
    ]
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(await listed('TOKEN')).toMatchObject({ secret: true, value: '••••••' })
    expect(await run(['env', 'set', 'TOKEN=hunter3'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--secret-file TOKEN=PATH'),
    })
    expect((await run(['render', 'env', '--reveal'])).stdout).toContain('TOKEN=hunter2-hunter2\n')
  })

  it('unset takes it out again; --dry-run changes nothing', async () => {
    const before = config()
    expect(await run(['env', 'unset', 'TOKEN', '--dry-run'])).toMatchObject({ code: 0 })
    expect(config()).toBe(before)
    expect(answer(await run(['env', 'unset', 'TOKEN', '--json']))).toMatchObject({
      ok: true,
      data: { outcome: 'changed', changes: [{ name: 'TOKEN', path: 'secretVariables.TOKEN' }] },
    })
    expect(await listed('TOKEN')).toBeUndefined()
  })

  it('--environment is for reading and for writing what holds in one environment only', async () => {
    expect(await run(['env', 'set', '--environment', 'staging', 'OWN=staged', 'WEB_PORT=8091'])).toMatchObject({
      code: 0,
    })
    expect(await listed('OWN')).toMatchObject({ value: 'on 8090' })
    expect(await listed('OWN', '--environment', 'staging')).toMatchObject({ value: 'staged', origin: 'overlay' })
    const staged = await run(['render', 'compose', '--environment', 'staging'])
    expect(staged.stdout).toContain('OWN: staged')
    const byVariable = await run(['render', 'compose'], '', { DDALAB_ENVIRONMENT: 'staging' })
    expect(byVariable.stdout).toBe(staged.stdout)
    expect((await run(['render', 'compose'])).stdout).toContain('"on 8090"')
  })

  it('an environment in which the settings do not work together is refused, with the place', async () => {
    const file = join(home, 'team.yml')
    writeFileSync(
      file,
      `version: 3.0.0
template: demo
auth: { mode: oauth, oauth: { clientId: lab, clientSecret: not-a-real-one } }
environments: { production: { auth: { oauth: { issuer: https://id.example.org } } } }
`,
    )
    expect(await run(['render', 'compose', '-f', file])).toMatchObject({ code: 0 })
    expect(await run(['render', 'compose', '-f', file, '--environment', 'staging'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/auth\.oauth\.issuer is missing.*\n.*team\.yml:3:22/),
    })
  })

  it('an environment that there is not is asked back for', async () => {
    expect(await run(['plan', '--environment', 'stagin'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "staging"?'),
    })
    expect(await run(['plan'], '', { DDALAB_ENVIRONMENT: 'prod' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "production"?'),
    })
  })
})

const [engine] = lab.newest

describe.skipIf(engine === undefined)('a deploy for another environment', () => {
  const home = aFolder()
  const env = { DDALAB_HOME: home, DOCKER_HOST: engine?.host, DDALAB_INSTANCE: 'cli-env' }
  const run = (...args: readonly string[]) => ddalab(args, { env })
  const freePort = () =>
    new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
      })
    })

  beforeAll(async () => {
    const settings = [
      `docker.image=${labImages.busybox}`,
      `parameters.WEB_PORT=${await freePort()}`,
      'variables.STAGE=none',
      'environments.staging.variables.STAGE=staged',
    ]
    const set = settings.flatMap((setting) => ['--set', setting])
    expect(await run('init', '--template', 'demo', ...set)).toMatchObject({ code: 0 })
  })
  afterAll(async () => {
    await run('destroy', '--volumes', '--confirm', 'cli-env')
  })

  it('is what runs; a command that is not for it says so, and nothing is remembered', async () => {
    expect(await run('deploy', '--yes', '--environment', 'staging')).toMatchObject({ code: 0 })
    expect((await run('exec', 'web', '--environment', 'staging', '--', 'sh', '-c', 'echo $STAGE')).stdout).toBe(
      'staged\n',
    )

    const same = await run('plan', '--exit-code', '--environment', 'staging', '--json')
    expect(same.code).toBe(0)
    expect(answer(same)).toMatchObject({ warnings: [] })

    const other = await run('plan', '--exit-code', '--json')
    expect(other.code).toBe(10)
    expect(answer(other)).toMatchObject({
      warnings: ['The last deploy was for staging, this is for production. For the other: --environment staging'],
    })
    expect((await run('status')).stderr).toContain('The last deploy was for staging')
    expect((await run('render', 'compose')).stdout).toContain('STAGE: none')
    expect((await run('render', 'compose', '--environment', 'staging')).stdout).toContain('STAGE: staged')
  })

  it('is left by a deploy for what the file says', async () => {
    expect(await run('deploy', '--yes')).toMatchObject({ code: 0 })
    expect((await run('exec', 'web', '--', 'sh', '-c', 'echo $STAGE')).stdout).toBe('none\n')
    expect((await run('status')).stderr).toBe('')
  })
})
