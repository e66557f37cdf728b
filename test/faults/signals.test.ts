import { describe, expect, test } from 'vitest'
import { lab, labImages } from '../lab/lab.ts'
import { faultyRegistry } from './support/faulty-registry.ts'
import { begins, eventsIn, Instance } from './support/instance.ts'
import { docker, page, serves } from './support/project.ts'

const [engine] = lab.newest

describe.skipIf(engine === undefined)('signals', () => {
  const host = engine?.host ?? ''
  const interrupted = { type: 'result', ok: false, error: { code: 'INTERRUPTED', exit: 130 } }

  /** A deployed version 1, with a version 2 in its config that takes its time. */
  const changing = async (): Promise<Instance> => {
    const instance = await Instance.on(host)
    await instance.succeed('deploy')
    await instance.set('parameters.VERSION', '2')
    await instance.set('parameters.START_SECONDS', 60)
    return instance
  }

  test.concurrent.each(['SIGTERM', 'SIGHUP'] as const)(
    '%s undoes as Ctrl-C does, also when it comes twice',
    async (signal) => {
      const instance = await changing()
      try {
        const before = await instance.snapshot()
        const running = instance.start('deploy', '--events')
        await running.stdoutHas(begins('container.awaitHealthy:web-1'))
        running.child.kill(signal)
        running.child.kill(signal)
        const finished = await running.finished
        expect(finished.code).toBe(130)
        expect(eventsIn(finished).at(-1)).toMatchObject(interrupted)
        expect(await instance.snapshot()).toEqual(before)
        await instance.expectTidy()
      } finally {
        await instance.remove()
      }
    },
  )

  test.concurrent('rule 41: a second Ctrl-C exits at once, and the next command recovers', async () => {
    const instance = await changing()
    try {
      const running = instance.start('deploy')
      await running.stderrHas(`container ${instance.name}-web-1: wait`)
      running.child.kill('SIGINT')
      await running.stderrHas('Ctrl-C again exits at once')
      running.child.kill('SIGINT')
      const { code, stderr } = await running.finished
      expect(code).toBe(130)
      expect(stderr).toContain('The next ddalab command on this instance finishes or undoes it first.')
      expect((await instance.run('status')).stdout).toContain('interrupted: ddalab deploy')

      await instance.set('parameters.START_SECONDS', 0)
      expect((await instance.succeed('deploy')).stderr).toMatch(/An earlier run \(.*\) did not end: undoing it first\./)
      expect(await page(instance.port)).toBe('version 2\n')
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })

  test.concurrent('--timeout undoes, with exit code 9', async () => {
    const instance = await changing()
    try {
      const before = await instance.snapshot()
      const { code, error } = await instance.answer('deploy', '--timeout', '3s')
      expect({ code, error }).toMatchObject({ code: 9, error: { code: 'TIMED_OUT', exit: 9 } })
      expect(await instance.snapshot()).toEqual(before)
      await serves(instance.port, 'version 1\n')
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })

  test.concurrent.each(['SIGINT', 'SIGKILL'] as const)(
    'rule 14: %s during a pull leaves what runs untouched',
    async (signal) => {
      const registry = await faultyRegistry((path) => (path.includes('/manifests/') ? 'silent' : undefined))
      const instance = await Instance.on(host)
      try {
        await instance.succeed('deploy')
        const before = await instance.snapshot()
        await instance.set('docker.image', `${registry.address}/ddalab/busybox:latest`)
        const running = instance.start('deploy', '--events')
        await registry.asked('/manifests/latest')
        running.child.kill(signal)
        const finished = await running.finished
        if (signal === 'SIGINT') {
          expect(finished.code).toBe(130)
          expect(await instance.snapshot()).toEqual(before)
        }
        await instance.set('docker.image', labImages.busybox)
        await instance.succeed('deploy')
        expect(await instance.snapshot()).toEqual(before)
        await instance.expectTidy()
      } finally {
        await instance.remove()
        await registry.close()
      }
    },
  )

  test.concurrent.each(['SIGINT', 'SIGKILL'] as const)(
    '%s while the routes of a running ingress are switched',
    async (signal) => {
      const settings = [
        'ingress.type=nginx',
        `images.nginx=${labImages.nginx}`,
        'ingress.domain=old.test',
        'ssl.enabled=false',
      ]
      const instance = await Instance.on(host, { template: 'routed', settings: [...settings, 'parameters.PORT=0'] })
      try {
        await instance.succeed('deploy')
        const before = await instance.snapshot()
        await instance.set('ingress.domain', 'new.test')
        const running = instance.start('deploy', '--events')
        await running.stdoutHas(begins('ingress.reload:nginx'))
        running.child.kill(signal)
        const finished = await running.finished
        // It may have been done before the signal came; then it is committed.
        if (signal === 'SIGINT') expect([0, 130], finished.stdout).toContain(finished.code)
        if (finished.code === 130) {
          expect(await instance.snapshot()).toEqual(before)
          await serves(instance.port, 'version 1\n', 'old.test')
        }
        // It undoes what was left, the edited config too.
        await instance.succeed('deploy')
        await instance.set('ingress.domain', 'new.test')
        await instance.succeed('deploy')
        await instance.expectTidy()
        await serves(instance.port, 'version 1\n', 'new.test')
      } finally {
        await instance.remove()
      }
    },
  )

  test.concurrent.each(['SIGINT', 'SIGKILL'] as const)(
    'rule 29: %s while what was paused by hand goes on',
    async (signal) => {
      const instance = await Instance.on(host)
      try {
        await instance.succeed('deploy')
        await docker(host, 'pause', `${instance.name}-web-1`)
        const before = await instance.snapshot()
        const running = instance.start('start', '--events')
        await running.stdoutHas(begins('container.unpause:web-1'))
        running.child.kill(signal)
        const { code } = await running.finished
        if (code === 130) expect(await instance.snapshot()).toEqual(before)
        await instance.succeed('deploy')
        await instance.expectTidy()
        expect(await page(instance.port)).toBe('version 1\n')
      } finally {
        await instance.remove()
      }
    },
  )
})
