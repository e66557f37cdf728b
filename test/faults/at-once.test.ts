import { readdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { begins, Instance } from './support/instance.ts'
import { page } from './support/project.ts'

describe.skipIf(!lab.available).each(lab.engines)('rule 42: two at once on Engine $version', ({ host }) => {
  test.concurrent('the second is told who is at work, with exit code 7; both end well', async () => {
    const instance = await Instance.on(host)
    try {
      const first = instance.start('deploy', '--events')
      await first.stdoutHas(begins('container.start:web-1'))
      // However slow the machine is, it is at work; who sleeps holds the lease all the same.
      first.child.kill('SIGSTOP')

      for (const command of ['deploy', 'destroy --yes']) {
        const { code, error } = await instance.answer(command)
        expect(code).toBe(7)
        expect(error).toMatchObject({ code: 'LOCKED', exit: 7, hint: expect.stringContaining(`${first.child.pid}`) })
        expect(error.message).toContain(
          `instance ${instance.name} is locked by "ddalab deploy -i ${instance.name} --events"`,
        )
        expect(error.message).toContain(`process ${first.child.pid} of ${userInfo().username}`)
      }
      const { data } = await instance.answer('status')
      expect(data.operation).toMatchObject({ interrupted: false, command: expect.stringContaining('ddalab deploy') })
      // Looking needs no lease.
      await instance.succeed('plan')
      await instance.succeed('deploy', '--dry-run')

      first.child.kill('SIGCONT')
      expect(await first.finished).toMatchObject({ code: 0 })
      const leases = () => readdir(join(instance.directory, 'lease'))
      const before = await leases()
      expect(await instance.answer('deploy')).toMatchObject({ code: 0, data: { outcome: 'unchanged' } })
      // Where there is nothing to do it is not taken either.
      expect(await leases()).toEqual(before)
      expect(await page(instance.port)).toBe('version 1\n')
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })

  test.concurrent('of many that start in the same moment one deploys, the others are refused or find it done', async () => {
    const instance = await Instance.on(host)
    try {
      const answers = await Promise.all(Array.from({ length: 4 }, () => instance.answer('deploy')))
      const outcomes = answers.map(({ code, data, error }) => (code === 0 ? data.outcome : error.code))
      expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1)
      expect(outcomes.filter((outcome) => !['changed', 'unchanged', 'LOCKED'].includes(outcome))).toEqual([])
      expect(await page(instance.port)).toBe('version 1\n')
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })
})
