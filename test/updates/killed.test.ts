import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { begins, Instance } from '../faults/support/instance.ts'
import { serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { frontedTemplate } from './template.ts'
import { users } from './users.ts'

/** The steps of an update behind the ingress, in order. */
const MOMENTS = [
  'container.create:web-1',
  'traffic.hold:caddy',
  'container.start:web-1',
  'container.awaitHealthy:web-1',
  'traffic.switch:web',
  'container.watch:web-1',
  'traffic.drain:web-1',
  'container.stop:web-1',
  'traffic.settle:caddy',
  'container.rename:web-1',
]

describe.skipIf(!lab.available).each(lab.engines)('kill -9 in an update, on Engine $version', ({ host }) => {
  // Every moment on the newest engine, some on the oldest.
  const moments =
    host === lab.engines.at(-1)?.host ? MOMENTS : MOMENTS.filter((at) => /^traffic\.(switch|settle)/.test(at))
  let instance: Instance
  let version = 1

  beforeAll(async () => {
    const settings = ['ingress.type=caddy', `images.caddy=${labImages.caddy}`, 'ssl.enabled=false']
    instance = await Instance.on(host, { template: 'fronted', files: frontedTemplate, settings })
    await instance.succeed('deploy')
    await serves(instance.port, 'version 1\n')
  })
  afterAll(() => instance?.remove())

  test.each(moments)('at %s: no request fails, then and when the next command goes on', async (moment) => {
    const present = await users(`http://127.0.0.1:${instance.port}/`)
    version += 1
    await instance.set('parameters.VERSION', String(version))
    const running = instance.start('deploy', '--events')
    await running.stdoutHas(begins(moment))
    running.child.kill('SIGKILL')
    await running.finished
    // The config may have gone back with the containers.
    await instance.run('deploy')
    await instance.set('parameters.VERSION', String(version))
    await instance.succeed('deploy')
    await serves(instance.port, `version ${version}\n`)
    expect((await present.leave()).failures).toEqual([])
    await instance.expectTidy()
  })
})
