import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createLabelled, removeLabelled } from '../../src/core/providers/docker/data/helper.ts'
import { DDALAB } from '../../src/core/providers/docker/labels.ts'
import { connectTo } from '../docker/client/support.ts'
import { lab, labImages } from '../lab/lab.ts'

describe.skipIf(!lab.available).each(lab.engines)('a helper, on Engine $version', ({ host }) => {
  test('takes the place of the one that a killed process had asked for, also when the engine is still making it', async () => {
    const engine = await connectTo(host)
    const label = `test/${randomUUID()}`
    const body = { Image: labImages.busybox }
    try {
      for (const time of ['together', 'afterwards']) {
        const name = `ddalab-files-${randomUUID()}`
        // Which one the engine takes first is open; the other one is told that the name is taken.
        const former = engine.containers
          .create({ name, body: { ...body, Labels: { [DDALAB.operation]: label } } })
          .catch((thrown) => expect(thrown).toMatchObject({ code: 'NAME_TAKEN' }))
        if (time === 'afterwards') await former
        const id = await createLabelled(engine, name, body, label)
        await former
        const left = await engine.containers.list({ labels: { [DDALAB.operation]: label } })
        expect(left.map(({ Id }) => Id)).toEqual([id])
        await removeLabelled(engine, label)
      }
    } finally {
      await removeLabelled(engine, label)
      engine.close()
    }
  })
})
