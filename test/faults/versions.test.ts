import { readdir, readFile } from 'node:fs/promises'
import { get } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Finished } from '../cli/run-cli.ts'
import { lab, labImages } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { eventsIn, Instance } from './support/instance.ts'
import { expectSecretsKept, secretsIn, secretsInArguments } from './support/secrets.ts'

const TEMPLATE = join(import.meta.dirname, '../../templates/ddalab')

/** The template of DDALAB as a user may have it: its services, with health checks that decide in seconds. */
async function impatientTemplate(): Promise<{ readonly [path: string]: string }> {
  const files = await readdir(TEMPLATE)
  const entries = files.map(async (file) => {
    const text = await readFile(join(TEMPLATE, file), 'utf8')
    const hasty = text
      .replaceAll(/interval: \d+s/g, 'interval: 1s')
      .replaceAll(/start_period: \d+s/g, 'start_period: 1s')
      .replaceAll(/start_interval: .*\n/g, '')
      .replace('retries: 5', 'retries: 8')
    return [`templates/ddalab/${file}`, hasty] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** With what a shell, JSON, an address and a Compose file have their own ideas about. */
const secrets = {
  'database.password': `db-"sword'fish-7%41`,
  'storage.minio.secretKey': 'minio-swordfish-8',
  'cache.redis.password': 'redis-sword-fish-9',
  'auth.jwtSecret': 'jwt-$sword{fish}-10',
}
const values = Object.values(secrets)

/** What the main address answers over TLS, with the version of the app that did. */
function viaIngress(port: number): Promise<{ readonly status: number | undefined; readonly version: unknown }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent: false, rejectUnauthorized: false, timeout: 5_000 }
    const asked = get(options, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode, version: answer.headers['x-app-version'] })
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', reject)
  })
}

describe.skipIf(!lab.available).each(lab.engines)(
  'a new version of DDALAB that fails, on Engine $version',
  ({ host, name }) => {
    const isNewest = name === lab.engines.at(-1)?.name
    let instance: Instance
    let secure: number
    /** Everything that the program said. */
    const said: string[] = []
    const inArguments: string[] = []

    /** Runs a command, and looks at the arguments of all processes whenever it says something. */
    const run = async (command: string, ...args: readonly string[]): Promise<Finished> => {
      const running = instance.start(command, ...args)
      const looks: Promise<unknown>[] = []
      const look = () => looks.push(secretsInArguments(values).then((lines) => inArguments.push(...lines)))
      running.child.stdout?.on('data', look)
      running.child.stderr?.on('data', look)
      const finished = await running.finished
      await Promise.all(looks)
      said.push(finished.stdout, finished.stderr)
      return finished
    }

    beforeAll(async () => {
      secure = await freePort()
      const settings = Object.entries({
        'docker.image': labImages.app,
        'images.postgres': labImages.postgres,
        'images.redis': labImages.redis,
        'images.minio': labImages.s3,
        'images.nginx': labImages.nginx,
        'ingress.type': 'nginx',
        'ingress.httpsPort': secure,
        'api.port': await freePort(),
      }).map(([path, value]) => `${path}=${value}`)
      instance = await Instance.on(host, { template: 'ddalab', files: await impatientTemplate(), settings, secrets })
      const first = await run('deploy', '--events')
      expect(first.code, first.stdout).toBe(0)
      expect(await viaIngress(secure)).toEqual({ status: 200, version: '1.0.0' })
    })
    afterAll(() => instance?.remove())

    const cases = [
      {
        version: 'never-healthy',
        image: labImages.appNeverHealthy,
        code: 'UNHEALTHY',
        evidence: /^health check: .*this version never becomes healthy/,
        output: '--json',
        old: true,
      },
      {
        version: 'crash-at-start',
        image: labImages.appCrashAtStart,
        code: 'CONTAINER_EXITED',
        evidence: /^log: fatal: cannot load the analysis engine/,
        output: '--events',
        old: true,
      },
      {
        version: 'crash-after-5s (rule 24)',
        image: labImages.appCrashAfter5s,
        code: 'CONTAINER_EXITED',
        evidence: /^log: fatal: out of memory in the analysis engine/,
        output: '--events',
        old: false,
      },
    ].filter(({ old }) => old || isNewest)

    test.each(cases)(
      '$version: exit code 5 with the reason, and the old one serves',
      async ({ image, code, evidence, output }) => {
        const before = await instance.snapshot()
        await instance.set('docker.image', image)
        const finished = await run('deploy', output)
        const { error } = eventsIn(finished).at(-1) ?? { error: undefined }
        expect(finished.code, finished.stdout).toBe(5)
        const details = expect.arrayContaining([expect.stringMatching(evidence)])
        expect(error).toMatchObject({
          code,
          exit: 5,
          message: expect.stringContaining(`${instance.name}-ddalab-1`),
          details,
        })
        expect(await instance.snapshot()).toEqual(before)
        await instance.expectTidy()
        await vi.waitFor(
          async () => expect(await viaIngress(secure)).toEqual({ status: 200, version: '1.0.0' }),
          10_000,
        )
        await instance.set('docker.image', labImages.app)
        expect(await run('deploy')).toMatchObject({ code: 0 })
        expect(await instance.snapshot()).toEqual(before)
      },
    )

    test('wrong platform (rule 20): exit code 4, nothing is begun', async () => {
      const before = await instance.snapshot()
      await instance.set('docker.image', labImages.appWrongPlatform)
      const { code, stderr } = await run('deploy')
      expect(code).toBe(4)
      expect(stderr).toMatch(
        /app:wrong-platform" of service "ddalab" is for linux\/arm64; this engine runs linux\/amd64/,
      )
      expect(await instance.snapshot()).toEqual(before)
      expect(await viaIngress(secure)).toEqual({ status: 200, version: '1.0.0' })
    })

    const slowly = async () => {
      await instance.set('docker.image', labImages.appSlowStart)
      expect(await run('deploy', '--verbose')).toMatchObject({ code: 0 })
      expect(await viaIngress(secure)).toMatchObject({ status: 200 })
      await instance.expectTidy()
    }
    if (isNewest) test('slow-start is no failure: it is waited for', slowly)

    test('no secret was said, written where others can read it, or handed to a process as an argument', async () => {
      for (const command of ['status', 'plan', 'doctor', 'render env', 'render compose', 'health']) await run(command)
      await instance.set('docker.image', labImages.appNext)
      await run('plan', '--json')
      expect(said.filter((text) => secretsIn(text, values).length > 0)).toEqual([])
      expect([...new Set(inArguments)]).toEqual([])
      await expectSecretsKept(instance, values)
      expect(await instance.files()).toContain('ingress/certs/key.pem')
      expect(secretsIn(await readFile(join(instance.directory, '.env'), 'utf8'), values)).not.toEqual([])
    })
  },
)
