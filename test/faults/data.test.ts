import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { Instance } from './support/instance.ts'
import { docker, page } from './support/project.ts'

describe.skipIf(!lab.available).each(lab.engines)('contract 4: the loss of data, on Engine $version', ({ host }) => {
  test('needs the name of the instance: --yes alone never deletes a volume', async () => {
    const instance = await Instance.on(host, { template: 'full' })
    try {
      await instance.succeed('deploy')
      const volume = `${instance.name}_data`
      await docker(host, 'exec', `${instance.name}-db-1`, 'sh', '-c', 'echo precious >/data/file')
      const before = await instance.snapshot()

      const refusals = [
        ['--volumes'],
        ['--volumes', '--yes'],
        ['--volumes', '--yes', '--no-input'],
        ['--volumes', '--confirm', 'other'],
      ]
      for (const flags of refusals) {
        const { code, error } = await instance.answer('destroy', ...flags)
        expect({ code, error }).toMatchObject({ code: 2, error: { code: 'CONFIRMATION_REQUIRED' } })
        expect(error.hint).toContain(`--confirm ${instance.name}`)
        expect(await instance.snapshot()).toEqual(before)
        expect(await page(instance.port)).toBe('version 1\n')
      }
      expect(await instance.answer('destroy')).toMatchObject({ code: 2, error: { code: 'INPUT_REQUIRED' } })

      const { stderr } = await instance.succeed('destroy', '--yes')
      expect(stderr).toContain(`Volumes and their data are kept: ${volume}.`)
      expect(await instance.project.volumes()).toEqual([volume])
      await instance.succeed('deploy')
      expect(await docker(host, 'exec', `${instance.name}-db-1`, 'cat', '/data/file')).toBe('precious')

      expect(await instance.answer('plan')).toMatchObject({ warnings: [] })
      await instance.succeed('destroy', '--yes')
      // As if it were made anew, with passwords that the data does not know.
      await rm(join(instance.directory, 'releases'), { recursive: true })
      const { warnings } = await instance.answer('plan')
      expect(warnings).toEqual([expect.stringContaining(`will be used: ${volume}.`)])
      const told = await instance.succeed('deploy')
      const [untilTold, ...rest] = told.stderr.split(`will be used: ${volume}.`)
      expect(untilTold).not.toContain(': create')
      expect(rest).toEqual([expect.stringContaining(': create')])

      await instance.succeed('destroy', '--volumes', '--confirm', instance.name)
      expect(await instance.project.volumes()).toEqual([])
      await instance.expectTidy()
    } finally {
      await instance.remove()
    }
  })
})
