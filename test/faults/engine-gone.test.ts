import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { isRoot } from '../state/places.ts'
import { begins, eventsIn, Instance } from './support/instance.ts'
import { serves } from './support/project.ts'

describe.skipIf(!lab.available || !isRoot).each(lab.engines)(
  'rule 32: Engine $version goes away in mid-deploy',
  ({ name }) => {
    let engine: ThrowAwayEngine
    let instance: Instance

    beforeEach(async () => {
      engine = await throwAwayEngine(`faults-gone-${randomUUID().slice(0, 8)}`, {
        tools: name === 'old' ? 'old' : 'new',
      })
      await engine.load(name, labImages.busybox)
      instance = await Instance.on(engine.host)
      await instance.succeed('deploy')
      await instance.set('parameters.VERSION', '2')
    })
    afterEach(async () => {
      await instance?.forget()
      await engine?.remove()
    })

    test('and stays away: exit code 6 says what is left; when it is back, the next deploy recovers', async () => {
      const running = instance.start('deploy', '--events')
      await running.stdoutHas(begins('container.create:web-1'))
      // Its answer to this step never comes.
      running.child.kill('SIGSTOP')
      await engine.kill()
      running.child.kill('SIGCONT')
      const finished = await running.finished
      expect(finished.code, finished.stdout).toBe(6)
      const error = eventsIn(finished).at(-1)?.error
      expect(error).toMatchObject({ code: 'ROLLBACK_FAILED', exit: 6, hint: expect.stringContaining('next command') })
      expect(JSON.stringify(error)).toMatch(/Docker engine/)
      expect(await instance.answer('status')).toMatchObject({ code: 4, error: { code: 'ENGINE_UNREACHABLE' } })

      await engine.start()
      // It undoes what was left, the edited config too; that is in the history.
      await instance.succeed('deploy')
      await serves(instance.port, 'version 1\n')
      await instance.succeed('config restore', 'latest-1')
      await instance.succeed('deploy')
      await serves(instance.port, 'version 2\n')
      await instance.expectTidy()
      expect(await instance.answer('status')).toMatchObject({ data: { state: 'healthy', operation: null } })
    })

    // 20.10 does not take up the health checks of containers that it finds running: there the deadline of rule 23 ends the wait.
    const resumesHealthChecks = name !== 'old'
    test.each(resumesHealthChecks ? ['new or old'] : [])(
      'and comes back while a container is waited for: the deploy comes to an end by itself, %s',
      async () => {
        await instance.set('parameters.START_SECONDS', 3)
        const running = instance.start('deploy', '--events')
        await running.stdoutHas(begins('container.awaitHealthy:web-1'))
        await engine.kill()
        await engine.start()
        const finished = await running.finished
        expect([0, 5], finished.stdout).toContain(finished.code)
        await serves(instance.port, finished.code === 0 ? 'version 2\n' : 'version 1\n')
        await instance.expectTidy()

        await instance.set('parameters.VERSION', '2')
        await instance.set('parameters.START_SECONDS', 0)
        await instance.succeed('deploy')
        await serves(instance.port, 'version 2\n')
        await instance.expectTidy()
      },
    )
  },
)
