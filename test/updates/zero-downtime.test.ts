import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { begins, Instance } from '../faults/support/instance.ts'
import { serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { frontedTemplate } from './template.ts'
import { upgraded } from './upgraded.ts'
import { users } from './users.ts'

/** Of updates in a row; `npm run soak` makes more. */
const ROUNDS = 2
const MOODS = ['never-healthy', 'crash', 'bad-migration', 'crash-later']
const KINDS = ['caddy', 'nginx'] as const
const cases = lab.engines.flatMap((engine) => KINDS.map((kind) => ({ ...engine, kind })))

describe.skipIf(!lab.available).each(cases)('updates behind $kind on Engine $version', ({ host, kind }) => {
  let instance: Instance
  let version = 1
  const update = async () => {
    version += 1
    await instance.set('parameters.VERSION', String(version))
    return instance.succeed('deploy')
  }

  beforeAll(async () => {
    const settings = [`ingress.type=${kind}`, `images.${kind}=${labImages[kind]}`, 'ssl.enabled=false']
    instance = await Instance.on(host, { template: 'fronted', files: frontedTemplate, settings })
    await instance.succeed('deploy')
    await serves(instance.port, 'version 1\n')
  })
  afterAll(() => instance?.remove())

  test('no request fails, and each update is seen', async () => {
    const present = await users(`http://127.0.0.1:${instance.port}/`)
    for (let round = 0; round < ROUNDS; round += 1) await update()
    const { answers, failures } = await present.leave()
    expect(failures).toEqual([])
    const seen = Object.keys(answers).map((body) => body.trim())
    expect(seen).toEqual(Array.from({ length: version }, (_, index) => `version ${index + 1}`))
    await instance.expectTidy()
  })

  test('a request that takes ten seconds ends as it began, on the version that it began on', async () => {
    const url = `http://127.0.0.1:${instance.port}`
    // It has to be found among the connections of others, which the kernel lists for a minute.
    const present = await users(`${url}/`)
    const slow = fetch(`${url}/cgi-bin/slow`).then((response) => response.text())
    const former = version
    await update()
    expect((await present.leave()).failures).toEqual([])
    const lines = (await slow).trim().split('\n')
    expect(lines).toEqual(Array.from({ length: 10 }, (_, index) => `${former} part ${index + 1}`))
  })

  test('a request that a version was given which is then withdrawn ends as it began', async () => {
    const before = await instance.snapshot()
    await instance.set('parameters.VERSION', 'withdrawn')
    await instance.set('parameters.MONITOR', '5s')
    const running = instance.start('deploy', '--events')
    await running.stdoutHas(begins('container.watch:web-1'))
    const slow = await fetch(`http://127.0.0.1:${instance.port}/cgi-bin/slow`)
    running.child.kill('SIGINT')
    const lines = (await slow.text()).trim().split('\n')
    expect(lines).toEqual(Array.from({ length: 10 }, (_, index) => `withdrawn part ${index + 1}`))
    expect((await running.finished).code).toBe(130)
    expect(await instance.snapshot()).toEqual(before)
    await instance.expectTidy()
    await instance.set('parameters.VERSION', String(version))
    await instance.set('parameters.MONITOR', '1s')
  })

  test('a WebSocket goes on with the version that it began on until the drain limit, new ones begin on the new version', async () => {
    const former = version
    const early = await upgraded(instance.port, '/echo')
    expect(early.greeting).toBe(`version ${former}`)
    version += 1
    await instance.set('parameters.VERSION', String(version))
    await instance.set('parameters.DRAIN', '4s')
    const running = instance.start('deploy', '--events')
    await running.stdoutHas(begins('traffic.drain:web-1'))
    expect(await early.echo('still there')).toBe('still there')
    const late = await upgraded(instance.port, '/echo')
    expect(late.greeting).toBe(`version ${version}`)
    await early.closed
    expect((await running.finished).code).toBe(0)
    expect(await late.echo('and after it')).toBe('and after it')
    late.close()
    await instance.expectTidy()
  })

  test.each(host === lab.engines.at(-1)?.host ? MOODS : MOODS.slice(-1))(
    'a version that is bad (%s): nobody notices',
    async (mood) => {
      const before = await instance.snapshot()
      const present = await users(`http://127.0.0.1:${instance.port}/`)
      await instance.set('parameters.MOOD', mood)
      await instance.set('parameters.VERSION', 'bad')
      const { code, error } = await instance.answer('deploy')
      const { answers, failures } = await present.leave()
      expect({ code, error }).toMatchObject({ code: 5, error: { details: expect.any(Array) } })
      expect({ failures, answers: Object.keys(answers) }).toEqual({ failures: [], answers: [`version ${version}\n`] })
      expect(await instance.snapshot()).toEqual(before)
      await instance.expectTidy()
      await instance.set('parameters.MOOD', 'good')
      await instance.set('parameters.VERSION', String(version))
    },
  )
})

describe.skipIf(!lab.available).each(cases.slice(-1))('several of a service, on Engine $version', ({ host, kind }) => {
  test.each(['start-first', 'stop-first'])('%s, one after the other: no request fails', async (order) => {
    const settings = [`ingress.type=${kind}`, `images.${kind}=${labImages[kind]}`, 'ssl.enabled=false']
    const given = ['parameters.REPLICAS=3', `parameters.ORDER=${order}`]
    const instance = await Instance.on(host, {
      template: 'fronted',
      files: frontedTemplate,
      settings: [...settings, ...given],
    })
    try {
      await instance.succeed('deploy')
      await serves(instance.port, 'version 1\n')
      const present = await users(`http://127.0.0.1:${instance.port}/`)
      await instance.set('parameters.VERSION', '2')
      await instance.succeed('deploy')
      await serves(instance.port, 'version 2\n')
      expect((await present.leave()).failures).toEqual([])
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })
})
