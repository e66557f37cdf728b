import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { Deployer } from '../support/deployer.ts'
import { aService, aStack, aVolume, onCompleted, onHealthy } from '../support/stack.ts'

const check = (test: string) => ({
  test: ['CMD-SHELL', test],
  interval: 500,
  timeout: 2_000,
  retries: 3,
  startPeriod: 0,
})
/** A service that serves a page, and is healthy when it does. */
const serving = {
  image: labImages.busybox,
  command: ['sh', '-c', 'echo served > /tmp/index.html; exec httpd -f -p 80 -h /tmp'],
  stopSignal: 'SIGKILL',
  healthcheck: check('wget -q -O /dev/null http://127.0.0.1/'),
} as const
const shell = (script: string) => ({ image: labImages.busybox, command: ['sh', '-c', script], stopSignal: 'SIGKILL' })
/** Watched for a moment only, after it became healthy. */
const watched = {
  updateConfig: { parallelism: 1, delay: 0, failureAction: 'rollback', order: 'stop-first', monitor: 300 },
} as const

describe.skipIf(!lab.available).each(lab.engines)('deploying on Engine $version', ({ host }) => {
  let deployer: Deployer
  let project: string

  beforeEach(async () => {
    project = `deploy-${randomUUID().slice(0, 8)}`
    deployer = await Deployer.on(host)
  })
  afterEach(() => deployer.close())

  const compose = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(lab.compose, ['-p', project, ...args], {
      env: { ...process.env, DOCKER_HOST: host },
      cwd: deployer.directory,
    })
    return stdout
  }

  test('a first deploy runs every service, the second has nothing to do', async () => {
    const web = aService('web', { ...serving, dependsOn: { db: onHealthy } })
    const stack = aStack(project, [aService('db', serving), web])
    expect(await deployer.deploy(stack)).toMatchObject({ result: 'committed' })
    expect((await deployer.containers(stack)).map(({ name, health }) => `${name} ${health}`).sort()).toEqual([
      `${project}-db-1 healthy`,
      `${project}-web-1 healthy`,
    ])
    expect((await deployer.plan(stack)).plan.operations).toEqual([])
  })

  test('docker compose ps, logs and down see what was deployed', async () => {
    const stack = aStack(project, [aService('web', serving), aService('talk', shell('echo hello; sleep 600'))])
    await deployer.deploy(stack)
    const listed = (await compose('ps', '--format', '{{.Service}} {{.Name}}')).trim().split('\n').sort()
    expect(listed).toEqual([`talk ${project}-talk-1`, `web ${project}-web-1`])
    expect(await compose('logs', 'talk')).toContain('hello')
    await compose('down')
    expect(await deployer.containers(stack)).toEqual([])
  })

  test('a changed service is replaced under its own name; the others are not touched', async () => {
    const stack = aStack(project, [aService('db', serving), aService('web', { ...serving, ...watched })])
    await deployer.deploy(stack)
    const before = await deployer.containers(stack)
    const changed = aStack(project, [
      aService('db', serving),
      aService('web', { ...serving, ...watched, environment: { COLOUR: 'blue' } }),
    ])
    expect(await deployer.deploy(changed)).toMatchObject({ result: 'committed' })
    const [db, web] = [await deployer.container(changed, 'db'), await deployer.container(changed, 'web')]
    expect(db.id).toBe(before.find(({ service }) => service === 'db')?.id)
    expect(web.id).not.toBe(before.find(({ service }) => service === 'web')?.id)
    expect(web.name).toBe(`${project}-web-1`)
  })

  describe('a redeploy that fails leaves what ran before', () => {
    test.each([
      ['never healthy', { ...serving, healthcheck: check('echo not today; exit 1') }, 'UNHEALTHY', 'not today'],
      [
        'crashes at start',
        { ...serving, ...shell('echo no database; exit 3'), restart: 'no' },
        'CONTAINER_EXITED',
        'no database',
      ],
      [
        'rule 25: restarts again and again',
        { ...serving, ...shell('echo again; exit 3'), restart: 'always' },
        'CONTAINER_EXITED',
        'again',
      ],
      [
        'rule 24: healthy first, crashes then',
        {
          ...serving,
          ...shell('echo served > /tmp/index.html; httpd -p 80 -h /tmp; sleep 2; echo out of luck; exit 3'),
          restart: 'no',
          updateConfig: { ...watched.updateConfig, monitor: 10_000 },
        },
        'CONTAINER_EXITED',
        'out of luck',
      ],
      ['no such command', { ...serving, command: ['/no/such/program'] }, undefined, undefined],
    ] as const)('%s', async (_, broken, code, evidence) => {
      const good = aStack(project, [aService('web', serving)])
      await deployer.deploy(good)
      const before = await deployer.container(good, 'web')

      const report = await deployer.deploy(aStack(project, [aService('web', broken)]))

      expect(report).toMatchObject({ result: 'rolled-back', error: { exit: 5 } })
      if (code !== undefined) expect(report.error?.code).toBe(code)
      if (evidence !== undefined) expect(report.error?.options.details?.join('\n')).toContain(evidence)
      const after = await deployer.container(good, 'web')
      expect(after).toMatchObject({ id: before.id, name: before.name, state: 'running' })
      // Rule 31: what kept it from coming back during the swap is gone.
      expect(after.restartPolicy).toEqual(before.restartPolicy)
      expect(await deployer.journals.unfinished()).toBeUndefined()
    })
  })

  test('a first deploy that fails leaves nothing but its volumes', async () => {
    const data = { type: 'volume', source: 'data', target: '/data', readOnly: false, noCopy: false } as const
    const db = aService('db', { ...serving, mounts: [data] })
    const web = aService('web', { ...serving, ...shell('exit 1'), restart: 'no', dependsOn: { db: onHealthy } })
    const stack = aStack(project, [db, web], { volumes: { data: aVolume(`${project}_data`) } })
    expect(await deployer.deploy(stack)).toMatchObject({ result: 'rolled-back' })
    expect(await deployer.containers(stack)).toEqual([])
    const { networks, volumes } = await deployer.provider.observe(stack, { pull: false })
    expect(networks.filter(({ name }) => name.startsWith(project))).toEqual([])
    expect(volumes.filter(({ name }) => name.startsWith(project))).toHaveLength(1)
  })

  test('rule 26: a one-shot lets its dependents start with exit code 0 only', async () => {
    const stackWith = (script: string) =>
      aStack(project, [
        aService('migrate', { ...shell(script), restart: 'no' }),
        aService('web', { ...serving, dependsOn: { migrate: onCompleted } }),
      ])
    const failed = await deployer.deploy(stackWith('echo schema is broken; exit 7'))
    expect(failed.error).toMatchObject({ code: 'CONTAINER_EXITED' })
    expect(failed.error?.options.details?.join()).toContain('schema is broken')
    expect(await deployer.deploy(stackWith('exit 0'))).toMatchObject({ result: 'committed' })
    // Rule 27.
    expect((await deployer.plan(stackWith('exit 0'))).plan.operations).toEqual([])
  })

  test('rule 22: without a health check it has to run on for a while', async () => {
    const stack = aStack(project, [aService('web', { ...shell('sleep 1; exit 1'), restart: 'on-failure' })])
    expect(await deployer.deploy(stack)).toMatchObject({ result: 'rolled-back', error: { code: 'CONTAINER_EXITED' } })
  })

  test('rule 09: an anonymous volume goes on in the replacement, and goes when all data goes', async () => {
    const cache = { type: 'volume', target: '/cache', readOnly: false, noCopy: false } as const
    const version = (n: string) =>
      aStack(project, [aService('web', { ...serving, ...watched, mounts: [cache], environment: { VERSION: n } })])
    await deployer.deploy(version('1'))
    const before = await deployer.container(version('1'), 'web')
    await deployer.deploy(version('2'))
    const after = await deployer.container(version('2'), 'web')
    expect(after.id).not.toBe(before.id)
    const [volume] = after.mounts.map(({ name }) => name)
    expect([volume]).toEqual(before.mounts.map(({ name }) => name))
    await deployer.destroy()
    const { volumes } = await deployer.provider.observe(version('2'), { pull: false })
    expect(volumes.map(({ name }) => name)).not.toContain(volume)
  })

  test('rule 28 and 29: what was stopped or paused by hand runs again', async () => {
    const stack = aStack(project, [aService('db', serving), aService('web', serving)])
    await deployer.deploy(stack)
    await compose('stop', 'db')
    await compose('pause', 'web')
    expect(await deployer.deploy(stack)).toMatchObject({ result: 'committed' })
    expect((await deployer.containers(stack)).map(({ state }) => state)).toEqual(['running', 'running'])
  })

  test('rule 18: an image that was built again under its tag is deployed again', async () => {
    const image = `${project}:latest`
    const docker = (...args: string[]) => promisify(execFile)(lab.docker, ['-H', host, ...args])
    await docker('tag', labImages.busybox, image)
    try {
      const stack = aStack(project, [aService('web', { ...serving, ...watched, image })])
      await deployer.deploy(stack)
      const before = await deployer.container(stack, 'web')
      await docker('commit', '--change', 'LABEL again=yes', before.id, image)

      expect(await deployer.deploy(stack)).toMatchObject({ result: 'committed' })
      const after = await deployer.container(stack, 'web')
      expect(after.imageId).not.toBe(before.imageId)
      expect(after.image).toBe(image)
    } finally {
      await deployer.destroy()
      await docker('rmi', '--force', image)
    }
  })

  test('a service that left the stack goes, its volume stays', async () => {
    const data = { type: 'volume', source: 'data', target: '/data', readOnly: false, noCopy: false } as const
    const volumes = { data: aVolume(`${project}_data`) }
    const both = aStack(project, [aService('db', { ...serving, mounts: [data] }), aService('web', serving)], {
      volumes,
    })
    await deployer.deploy(both)
    const rest = aStack(project, [aService('web', serving)], { volumes })
    expect(await deployer.deploy(rest)).toMatchObject({ result: 'committed' })
    expect((await deployer.containers(rest)).map(({ service }) => service)).toEqual(['web'])
    const { volumes: observed } = await deployer.provider.observe(rest, { pull: false })
    expect(observed.map(({ name }) => name)).toContain(`${project}_data`)
  })

  test('rule 05: a port that a container or a process holds is found before anything is done', async () => {
    const port = { target: 80, published: '18473', protocol: 'tcp', mode: 'ingress' } as const
    const stack = aStack(project, [aService('web', { ...serving, ports: [port] })])
    await deployer.deploy(stack)
    const other = aStack(`${project}-other`, [aService('web', { ...serving, ports: [port] })])
    const { problems } = await deployer.plan(other)
    expect(problems).toMatchObject([{ code: 'PORT_TAKEN', message: expect.stringContaining(`${project}-web-1`) }])
  })

  test('rule 41: an interruption undoes what was done', async () => {
    const controller = new AbortController()
    const slow = aStack(project, [aService('web', { ...serving, healthcheck: { ...check('exit 1'), retries: 1000 } })])
    const deploying = deployer.deploy(slow, controller.signal)
    await expect.poll(() => deployer.events.some(({ type }) => type === 'operation.progress')).toBe(true)
    controller.abort()
    expect(await deploying).toMatchObject({ result: 'rolled-back', error: { exit: 130 } })
    expect(await deployer.containers(slow)).toEqual([])
  })
})
