import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FaultyRegistry, faultyRegistry } from '../faults/support/faulty-registry.ts'
import { lab } from '../lab/lab.ts'
import { Updated } from './updated.ts'
import { withUsers } from './users.ts'

/** Requests a second: BusyBox keeps nine waiting, also on a busy machine. */
const RATE = 20

describe.skipIf(!lab.available).each(lab.engines)('a rollback behind the ingress on Engine $version', ({ host }) => {
  let registry: FaultyRegistry
  let updated: Updated
  beforeAll(async () => {
    registry = await faultyRegistry(() => undefined)
    updated = await Updated.on(host, host, { registry: registry.address })
  })
  afterAll(() => updated?.remove())

  test('needs no registry, and no request fails; it can be rolled back as well', async () => {
    const { instance } = updated
    const version = await updated.publish()
    await instance.succeed('update', version)
    await registry.close()
    expect(await instance.answer('update', '--check')).toMatchObject({
      code: 4,
      error: { code: 'REGISTRY_UNREACHABLE' },
    })
    const { failures, answers } = await withUsers(`http://127.0.0.1:${instance.port}/`, RATE, async () => {
      await instance.succeed('rollback')
      expect(await updated.expectWhole()).toBe('1.0.0')
      await instance.succeed('rollback')
      expect(await updated.expectWhole()).toBe(version)
    })
    expect(failures).toEqual([])
    expect(Object.keys(answers)).toEqual([`version ${version}\n`, 'version 1.0.0\n'])
  })
})
