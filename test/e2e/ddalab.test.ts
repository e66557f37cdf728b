import { randomUUID } from 'node:crypto'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploy } from '../../src/core/actions/deploy.ts'
import { destroy } from '../../src/core/actions/destroy.ts'
import { health } from '../../src/core/actions/health.ts'
import { init } from '../../src/core/actions/init.ts'
import { lifecycle } from '../../src/core/actions/lifecycle.ts'
import { status } from '../../src/core/actions/status.ts'
import { lab, labImages } from '../lab/lab.ts'
import { freePort } from '../support/ports.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

/** The oldest engine behind one ingress, the newest behind the other. */
const stacks = lab.engines.map(({ host, version }, index) => {
  const [ingress, image] = index === 0 ? (['caddy', labImages.caddy] as const) : (['nginx', labImages.nginx] as const)
  return { host, version, ingress, image }
})

describe.skipIf(!lab.available).each(stacks)(
  'DDALAB on Engine $version behind $ingress',
  ({ host, ingress, image }) => {
    const target = { instance: `lab-${randomUUID().slice(0, 8)}` }
    let world: TestWorld
    let [http, https, api] = [0, 0, 0]

    beforeAll(async () => {
      world = await testWorld(host)
      ;[http, https, api] = [await freePort(), await freePort(), await freePort()]
    })
    afterAll(async () => {
      await destroy(world, target, { volumes: true })
      await world.remove()
    })

    const settings = () => [
      `docker.image=${labImages.app}`,
      `images.postgres=${labImages.postgres}`,
      `images.redis=${labImages.redis}`,
      `images.minio=${labImages.s3}`,
      `images.${ingress}=${image}`,
      `ingress.type=${ingress}`,
      `ingress.httpPort=${http}`,
      `ingress.httpsPort=${https}`,
      `api.port=${api}`,
    ]
    const call = (port: number, path: string, method = 'GET', body = '') =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path,
            method,
            agent: false,
            rejectUnauthorized: false,
            headers: { 'content-type': 'application/json' },
          },
          async (answer) => resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
        )
        sent.once('error', reject)
        sent.end(body)
      })

    test('is healthy after one deploy, and answers over TLS', async () => {
      const { generated } = await init(world, target, {
        template: 'ddalab',
        environment: 'production',
        set: settings(),
        setSecretly: [],
      })
      expect(generated).toContain('database.password')
      expect(await deploy(world, target, {})).toMatchObject({ outcome: 'changed' })

      const { status: now } = await status(world, target)
      expect(now.state).toBe('healthy')
      expect(now.services.map(({ name }) => name)).toEqual(['ddalab', 'minio', 'postgres', 'redis', ingress].sort())
      expect((await call(https, '/')).status).toBe(200)
      expect(JSON.parse((await call(api, '/health')).body)).toMatchObject({ status: 'healthy' })
      expect(await health(world, target, [])).toMatchObject({ healthy: true })
    })

    test('has nothing to do the second time', async () => {
      expect(await deploy(world, target, {})).toMatchObject({ outcome: 'unchanged' })
    })

    test('keeps its data through stop, start, destroy and a new deploy', async () => {
      expect((await call(https, '/api/records', 'POST', '{"text":"kept"}')).status).toBeLessThan(300)
      await lifecycle(world, target, 'stop', [], {})
      expect((await status(world, target)).status.state).toBe('stopped')
      await lifecycle(world, target, 'start', [], {})
      expect((await call(https, '/api/records')).body).toContain('kept')
      await destroy(world, target, { volumes: false })
      expect((await status(world, target)).status.state).toBe('absent')
      await deploy(world, target, {})
      expect((await call(https, '/api/records')).body).toContain('kept')
    })
  },
)
