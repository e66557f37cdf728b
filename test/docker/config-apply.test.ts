import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { history } from '../../src/core/actions/config/backups.ts'
import { changeConfig } from '../../src/core/actions/config/change-config.ts'
import { setting } from '../../src/core/actions/config/edits.ts'
import { deploy } from '../../src/core/actions/deploy.ts'
import { destroy } from '../../src/core/actions/destroy.ts'
import { init } from '../../src/core/actions/init.ts'
import { locateInstance } from '../../src/core/actions/open.ts'
import { plan } from '../../src/core/actions/plan.ts'
import { status } from '../../src/core/actions/status.ts'
import { lab, labImages } from '../lab/lab.ts'
import { rejection } from '../support/errors.ts'
import { freePort } from '../support/ports.ts'
import { type TestWorld, testWorld } from '../support/world.ts'

const NOTE = { kind: 'change' as const, reason: null }

describe.skipIf(!lab.available).each(lab.newest)('config set --apply on Engine $version', ({ host }) => {
  const target = { instance: `apply-${randomUUID().slice(0, 8)}` }
  let world: TestWorld
  let port = 0

  const text = () => readFile(locateInstance(world, target).paths.config, 'utf8')
  const page = async () => (await fetch(`http://127.0.0.1:${port}/`)).text()
  const container = async () => (await status(world, target)).status.services[0]?.containers[0]?.id
  const apply = (...set: readonly string[]) =>
    changeConfig(world, target, setting({ set, setSecretly: [], generate: [] }), {
      note: NOTE,
      dryRun: false,
      apply: {},
    })

  beforeAll(async () => {
    world = await testWorld(host)
    port = await freePort()
    const set = [`docker.image=${labImages.busybox}`, `parameters.WEB_PORT=${port}`]
    await init(world, target, { template: 'demo', set })
    await deploy(world, target, {})
  })
  afterAll(async () => {
    await destroy(world, target, { volumes: true })
    await world.remove()
  })

  test('the setting holds in what runs, then in the file, and the next plan has nothing to do', async () => {
    const report = await apply('parameters.WEB_TITLE=Applied')
    expect(await page()).toContain('Applied')
    expect(await text()).toContain('WEB_TITLE: Applied')
    expect(report).toMatchObject({ outcome: 'changed', entry: 2, applied: { outcome: 'changed' } })
    expect((await plan(world, target, { pull: false })).plan.operations).toEqual([])
  })

  test('a change that cannot be carried out leaves file, history and containers as they were', async () => {
    const [before, running, { entries }] = [await text(), await container(), await history(world, target)]
    const error = await rejection(apply('docker.image=ddalab-local/nowhere:1', 'parameters.WEB_TITLE=Never'))
    expect(error.exit).toBe(5)
    expect(await text()).toBe(before)
    expect(await container()).toBe(running)
    expect(await page()).toContain('Applied')
    expect((await history(world, target)).entries).toEqual(entries)
  })

  test('a setting that no container sees is only written', async () => {
    const running = await container()
    const report = await apply('updates.channel=beta')
    expect(report.applied?.plan.operations.map(({ kind }) => kind)).toEqual(['config.write'])
    expect(await text()).toContain('channel: beta')
    expect(await container()).toBe(running)
  })
})
