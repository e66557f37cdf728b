import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { begins, Instance } from './support/instance.ts'
import { scenarios } from './support/moments.ts'
import { page } from './support/project.ts'

/** Every moment on the newest engine, one of each kind on the oldest. */
const cases = lab.engines.flatMap(({ host, version }, index) =>
  scenarios.flatMap(({ apply, commit, ...scenario }) => {
    const newest = index === lab.engines.length - 1
    const chosen = newest ? [...apply, ...commit] : apply.filter((at) => /^container\.(create|stop:web)/.test(at))
    return chosen.map((at) => ({ ...scenario, at, host, version, isUndone: apply.includes(at) }))
  }),
)

describe.skipIf(!lab.available)('kill -9', () => {
  test.concurrent.each(cases)(
    'at $at of a $name on Engine $version: status tells of it, the next deploy recovers, nothing is left over',
    async ({ host, prepare, command: [command, ...args], at, name, isUndone }) => {
      const instance = await Instance.on(host, { template: 'full' })
      try {
        await prepare(instance)
        const running = instance.start(command, ...args, '--events')
        await running.stdoutHas(begins(at))
        running.child.kill('SIGKILL')
        expect(await running.finished).toMatchObject({ signal: 'SIGKILL' })

        const { data } = await instance.answer('status')
        // The last step may have ended before the signal came.
        if (!at.startsWith('release.record') && !at.startsWith('file.remove')) {
          const typed = expect.stringContaining(`ddalab ${command} -i ${instance.name}`)
          expect(data.operation).toMatchObject({ interrupted: true, command: typed })
        }

        const recovered = await instance.answer('deploy')
        expect(recovered).toMatchObject({ code: 0, data: { status: { state: 'healthy', operation: null } } })
        if (name === 'redeploy' && isUndone) {
          // The edited config was undone with what it had brought about. It is in the history, before the one that is back.
          expect(await page(instance.port)).toBe('version 1\n')
          await instance.succeed('config restore', 'latest-1')
          await instance.succeed('deploy')
        }
        await instance.expectTidy()
        const containers = (await instance.project.containers()).map((line) => line.replace(/ \w+$/, ''))
        expect(containers).toEqual([
          `${instance.name}-db-1 running unless-stopped`,
          `${instance.name}-migrate-1 exited no`,
          `${instance.name}-web-1 running unless-stopped`,
        ])
        expect(await page(instance.port)).toBe(name === 'redeploy' ? 'version 2\n' : 'version 1\n')
        expect(await instance.answer('plan')).toMatchObject({ data: { changes: 0, problems: [] } })
      } finally {
        await instance.remove()
      }
    },
  )
})
