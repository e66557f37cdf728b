import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Instance } from '../faults/support/instance.ts'
import { docker, serves } from '../faults/support/project.ts'
import { lab, labImages } from '../lab/lab.ts'
import { frontedTemplate } from '../updates/template.ts'
import { said, tell } from './tell.ts'

const KINDS = ['caddy', 'nginx'] as const

afterAll(() => said())

const cases = lab.engines.flatMap((engine) => KINDS.map((kind) => ({ ...engine, kind })))

describe.each(cases)('behind $kind on Engine $version', ({ host, kind, version: engine }) => {
  let instance: Instance
  let version = 1

  beforeAll(async () => {
    const settings = [`ingress.type=${kind}`, `images.${kind}=${labImages[kind]}`, 'ssl.enabled=false']
    instance = await Instance.on(host, { template: 'fronted', files: frontedTemplate, settings })
    await instance.succeed('deploy')
    await serves(instance.port, 'version 1\n')
  })
  afterAll(() => instance?.remove())

  test('a rollback', async () => {
    const former = version
    version += 1
    await instance.set('parameters.VERSION', String(version))
    await instance.succeed('deploy')
    const startedAt = performance.now()
    const running = instance.start('rollback', '--yes', '--events')
    await running.stdoutHas('"operation.succeeded","operation":"traffic.switch:web"')
    const served = performance.now() - startedAt
    expect((await running.finished).code).toBe(0)
    await serves(instance.port, `version ${former}\n`)
    const own = await startAndHealth(host, `${instance.name}-web-1`)
    tell(`rollback behind ${kind}`, engine, {
      served: `${Math.round(served)} ms`,
      'own start and health': `${Math.round(own)} ms`,
    })
    version = former
  })
})

describe.each(lab.engines)('stop-first on Engine $version', ({ host, version: engine }) => {
  test('the downtime of an update', async () => {
    const instance = await Instance.on(host, { template: 'small' })
    try {
      await instance.succeed('deploy')
      await serves(instance.port, 'version 1\n')
      const own = await stopStartAndHealth(host, `${instance.name}-web-1`)
      await instance.set('parameters.VERSION', '2')
      const gap = longestGap(`http://127.0.0.1:${instance.port}/`)
      await instance.succeed('deploy')
      const downtime = await gap.end()
      tell('stop-first update', engine, {
        downtime: `${Math.round(downtime)} ms`,
        'own stop, start and health': `${Math.round(own)} ms`,
      })
    } finally {
      await instance.remove()
    }
  })
})

/** ms that the engine takes to start a container until it is healthy. */
async function startAndHealth(host: string, name: string): Promise<number> {
  await docker(host, 'stop', '-t', '0', name)
  const startedAt = performance.now()
  await docker(host, 'start', name)
  while ((await docker(host, 'inspect', '-f', '{{.State.Health.Status}}', name)).trim() !== 'healthy');
  return performance.now() - startedAt
}

async function stopStartAndHealth(host: string, name: string): Promise<number> {
  const startedAt = performance.now()
  await docker(host, 'stop', name)
  const stopped = performance.now() - startedAt
  return stopped + (await startAndHealth(host, name))
}

/** The longest time without an answer, ms. */
function longestGap(url: string): { end(): Promise<number> } {
  let longest = 0
  let isOver = false
  let last = performance.now()
  const asking = (async () => {
    while (!isOver) {
      await fetch(url, { signal: AbortSignal.timeout(1_000), headers: { connection: 'close' } }).then(
        async (response) => {
          await response.text()
          longest = Math.max(longest, performance.now() - last)
          last = performance.now()
        },
        () => undefined,
      )
    }
  })()
  return {
    async end() {
      isOver = true
      await asking
      return longest
    },
  }
}
