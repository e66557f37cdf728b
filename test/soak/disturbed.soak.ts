import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab, labImages, type ThrowAwayEngine, throwAwayEngine } from '../lab/lab.ts'
import { newDisk } from '../state/places.ts'
import { cutPower, type Fate, fillDisk, killEngine, LOSSES } from '../updates/disturbed.ts'
import { Updated } from '../updates/updated.ts'
import { said, tell } from './tell.ts'

afterAll(() => said())

/** Every so-many-th sync; 1: all of them. */
const EVERY = Number(process.env.DDALAB_SOAK_SYNCS ?? 1)
const [newest] = lab.engines.slice(-1)

describe.skipIf(newest === undefined)('a power cut before every sync', () => {
  const host = newest?.host ?? ''
  let updated: Updated
  beforeAll(async () => {
    updated = await Updated.on(host, host, { settings: ['updates.autoBackup=true'] })
  })
  afterAll(() => updated?.remove())

  test.each(LOSSES)(
    'of an update, a rollback and a backup, where $lost of what was not synced is lost',
    async (loss) => {
      const counts = { update: 0, rollback: 0, backup: 0 }
      let former = await updated.expectWhole()
      for (let cut = 1, fate: Fate = 'undecided'; fate !== 'ended'; cut += EVERY) {
        const version = await updated.publish()
        fate = await cutPower(updated, ['update', version], cut, loss)
        process.stdout.write(`update, power cut at sync ${cut}: ${fate}\n`)
        expect(await updated.expectWhole()).toBe(fate === 'undecided' ? former : version)
        if (fate === 'undecided') await updated.instance.succeed('update', version)
        former = version
        counts.update += 1
      }
      for (let cut = 1, fate: Fate = 'undecided'; fate !== 'ended'; cut += EVERY) {
        const version = await updated.publish()
        await updated.instance.succeed('update', version)
        fate = await cutPower(updated, ['rollback', '--yes'], cut, loss)
        process.stdout.write(`rollback, power cut at sync ${cut}: ${fate}\n`)
        expect(await updated.expectWhole()).toBe(fate === 'undecided' ? version : former)
        former = fate === 'undecided' ? version : former
        counts.rollback += 1
      }
      for (let cut = 1, fate: Fate = 'undecided'; fate !== 'ended'; cut += EVERY) {
        fate = await cutPower(updated, ['backup create'], cut, loss)
        process.stdout.write(`backup, power cut at sync ${cut}: ${fate}\n`)
        expect(await updated.expectWhole()).toBe(former)
        await updated.expectBackups()
        counts.backup += 1
      }
      tell(`power cuts, ${loss.lost} lost`, newest?.version ?? '', counts)
    },
  )
})

describe.skipIf(!lab.available).each(lab.engines)(
  'rule 32: Engine $version is killed',
  ({ name, host, version: tools }) => {
    let own: ThrowAwayEngine
    let updated: Updated
    beforeAll(async () => {
      own = await throwAwayEngine(`soak-gone-${randomUUID().slice(0, 8)}`, { tools: name === 'old' ? 'old' : 'new' })
      await own.load(name, labImages.busybox, labImages.caddy)
      updated = await Updated.on(own.host, host, { settings: ['updates.autoBackup=true'] })
    })
    afterAll(async () => {
      await updated?.instance.forget()
      await own?.remove()
    })

    // 20.10 does not take up the health checks of containers that it finds running: there the wait ends with its deadline.
    test.each(name === 'old' ? [false] : [false, true])(
      'at every step of an update; it is back at once: %s',
      async (isBackAtOnce) => {
        const steps = await updated.steps()
        for (const at of steps) {
          const version = await updated.publish()
          await killEngine(updated, own, ['update', version], { at, isBackAtOnce })
          const now = await updated.expectWhole()
          process.stdout.write(
            `engine killed at ${at}, ${isBackAtOnce ? 'back at once' : 'back later'}: ${now === version ? 'new' : 'old'}\n`,
          )
          if (now !== version) await updated.instance.succeed('update', version)
        }
        tell(`engine killed, back at once: ${isBackAtOnce}`, tools, { steps: steps.length })
        expect(steps.length).toBeGreaterThan(20)
      },
    )
  },
)

describe.skipIf(newest === undefined)('rule 44: a disk with so many free pages, from none on', () => {
  const host = newest?.host ?? ''
  /** What a backup leaves on its disk. */
  const RESERVE = 256 * 1024 * 1024

  test('the disk of the instance, in an update and in a rollback', async () => {
    const disk = newDisk(4096)
    const updated = await Updated.on(host, host, { home: join(disk, 'home') })
    const codes: { readonly [command: string]: number[] } = { update: [], rollback: [] }
    try {
      for (let pages = 0; codes.update?.at(-1) !== 0; pages += 1) {
        const former = await updated.expectWhole()
        const version = await updated.publish()
        const { code, isDone } = await fillDisk(updated, disk, ['update', version], { pages })
        codes.update?.push(code)
        expect(await updated.expectWhole()).toBe(isDone ? version : former)
      }
      for (let pages = 0; codes.rollback?.at(-1) !== 0; pages += 1) {
        const version = await updated.publish()
        const former = await updated.expectWhole()
        await updated.instance.succeed('update', version)
        const { code, isDone } = await fillDisk(updated, disk, ['rollback'], { pages })
        codes.rollback?.push(code)
        expect(await updated.expectWhole()).toBe(isDone ? former : version)
      }
      tell('exit codes with a full disk', newest?.version ?? '', codes)
    } finally {
      await updated.remove()
    }
  })

  test('the disk of the instance, in a backup', async () => {
    const disk = newDisk(300 * 1024)
    const updated = await Updated.on(host, host, { home: join(disk, 'home') })
    const codes: number[] = []
    try {
      const enough = { pages: 0, bytes: RESERVE }
      for (const free of [...Array.from({ length: 8 }, (_, pages) => ({ pages })), enough]) {
        const before = await updated.backups()
        const { code } = await fillDisk(updated, disk, ['backup create'], free)
        codes.push(code)
        await updated.expectWhole()
        const after = await updated.backups()
        if (code === 0) expect(after.filter((id) => !before.includes(id))).toHaveLength(1)
        else expect(after).toEqual(before)
      }
      expect(codes[0]).not.toBe(0)
      expect(codes.at(-1)).toBe(0)
      await updated.expectBackups()
      tell('exit codes of a backup with a full disk', newest?.version ?? '', { codes })
    } finally {
      await updated.remove()
    }
  })

  test('the disk of the engine, in an update', async () => {
    const own = await throwAwayEngine(`soak-full-${randomUUID().slice(0, 8)}`, { disk: '500m' })
    await own.load('new', labImages.busybox, labImages.caddy)
    const updated = await Updated.on(own.host, host)
    const data = join(dirname(new URL(own.host).pathname), 'data')
    const codes: number[] = []
    try {
      for (let pages = 0; codes.at(-1) !== 0; pages = pages * 2 || 8) {
        const former = await updated.expectWhole()
        const version = await updated.publish()
        const { code, isDone } = await fillDisk(updated, data, ['update', version], { pages })
        codes.push(code)
        expect(await updated.expectWhole()).toBe(isDone ? version : former)
      }
      tell('exit codes with a full disk of the engine', newest?.version ?? '', { codes })
    } finally {
      await updated.instance.forget()
      await own.remove()
    }
  })
})
