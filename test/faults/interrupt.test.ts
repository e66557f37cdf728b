import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { begins, eventsIn, Instance } from './support/instance.ts'
import { scenarios } from './support/moments.ts'
import { page, serves } from './support/project.ts'

/** Every moment on the newest engine, one of each kind on the oldest. */
const cases = lab.engines.flatMap(({ host, version }, index) =>
  scenarios.flatMap(({ apply, commit, ...scenario }) => {
    const newest = index === lab.engines.length - 1
    const moments = [...apply.map((at) => ({ at, verdict: false })), ...commit.map((at) => ({ at, verdict: true }))]
    const chosen = newest ? moments : moments.filter(({ at }) => at.startsWith('container.stop'))
    return chosen.map((moment) => ({ ...scenario, ...moment, host, version }))
  }),
)

describe.skipIf(!lab.available)('rule 41: Ctrl-C', () => {
  test.concurrent.each(cases.filter(({ verdict }) => !verdict))(
    'at $at of a $name on Engine $version: exit code 130, and all is as it was',
    async ({ host, prepare, command: [command, ...args], at }) => {
      const instance = await Instance.on(host, { template: 'full' })
      try {
        await prepare(instance)
        const before = await instance.snapshot()
        const running = instance.start(command, ...args, '--events')
        await running.stdoutHas(begins(at))
        running.child.kill('SIGINT')

        const finished = await running.finished
        expect(finished.code, finished.stdout).toBe(130)
        const error = { code: 'INTERRUPTED', exit: 130, message: expect.stringContaining('undone') }
        expect(eventsIn(finished).at(-1)).toMatchObject({ type: 'result', ok: false, error })
        expect(await instance.snapshot()).toEqual(before)
        await instance.expectTidy()
        if (before.containers.length > 0) await serves(instance.port, 'version 1\n')
      } finally {
        await instance.remove()
      }
    },
  )

  test.concurrent.each(cases.filter(({ verdict }) => verdict))(
    'at $at of a $name on Engine $version, after the verdict: finished at once or by the next command',
    async ({ host, prepare, command: [command, ...args], at }) => {
      const instance = await Instance.on(host, { template: 'full' })
      try {
        await prepare(instance)
        const running = instance.start(command, ...args, '--events')
        await running.stdoutHas(begins(at))
        running.child.kill('SIGINT')

        const { code, stdout } = await running.finished
        expect([0, 130], stdout).toContain(code)
        await instance.succeed(command, ...args)
        await instance.expectTidy()
        if (command === 'destroy') {
          expect(await instance.snapshot()).toEqual({ containers: [], networks: [], files: [] })
        } else {
          expect(await page(instance.port)).toBe('version 2\n')
          expect(await instance.answer('plan')).toMatchObject({ data: { changes: 0 } })
        }
      } finally {
        await instance.remove()
      }
    },
  )
})
