import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { isRoot, newDisk } from '../state/places.ts'
import { cutPower, fillDisk, killEngine, LOSSES } from './disturbed.ts'
import { Updated } from './updated.ts'

/** Few of all moments; `npm run soak` has them all. */
const [engine] = lab.engines.slice(-1)

describe.skipIf(engine === undefined)('a power cut', () => {
  const host = engine?.host ?? ''
  let updated: Updated
  beforeAll(async () => {
    updated = await Updated.on(host, host)
  })
  afterAll(() => updated?.remove())

  test.each(LOSSES)(
    'in an update, where $lost of what was not synced is lost: the next command makes it whole',
    async (loss) => {
      const version = await updated.publish()
      const former = await updated.expectWhole()
      const fate = await cutPower(updated, ['update', version], 5 + Math.floor(Math.random() * 80), loss)
      expect(await updated.expectWhole()).toBe(fate === 'undecided' ? former : version)
    },
  )
})

describe.skipIf(engine === undefined || !isRoot)('rule 32: the engine is killed in an update', () => {
  let own: ThrowAwayEngine
  let updated: Updated
  beforeAll(async () => {
    own = await throwAwayEngine(`updates-gone-${randomUUID().slice(0, 8)}`)
    await own.load('new', labImages.busybox, labImages.caddy)
    updated = await Updated.on(own.host, engine?.host ?? '')
  })
  afterAll(async () => {
    await updated?.instance.forget()
    await own?.remove()
  })

  test.each(['container.stop:store-1'])('at %s: when it is back, the next command makes it whole', async (at) => {
    const version = await updated.publish()
    await killEngine(updated, own, ['update', version], { at, isBackAtOnce: false })
    await updated.expectWhole()
  })
})

describe.skipIf(engine === undefined || !isRoot)('rule 44: the disk of the instance is full', () => {
  const host = engine?.host ?? ''

  test('somewhere in an update or a rollback: all of it happens or nothing, and the next command makes it whole', async () => {
    const disk = newDisk(4096)
    const updated = await Updated.on(host, host, { home: join(disk, 'home') })
    try {
      for (const from of [0, 8]) {
        const former = await updated.expectWhole()
        const version = await updated.publish()
        const pages = from + Math.floor(Math.random() * 8)
        const { isDone } = await fillDisk(updated, disk, ['update', version], { pages })
        expect(await updated.expectWhole()).toBe(isDone ? version : former)
        if (!isDone) await updated.instance.succeed('update', version)
        const back = await fillDisk(updated, disk, ['rollback'], { pages })
        expect(await updated.expectWhole()).toBe(back.isDone ? former : version)
      }
    } finally {
      await updated.remove()
    }
  })
})
